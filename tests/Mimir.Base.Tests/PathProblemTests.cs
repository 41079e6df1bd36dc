namespace Mimir.Base.Tests;

[System.Runtime.Versioning.UnsupportedOSPlatform("windows")]
public sealed class PathProblemTests : IDisposable
{
    private readonly TemporaryFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public void A_folder_in_the_place_of_a_file_is_called_one()
    {
        var opened = Record.Exception(() => File.OpenRead(_folder.Path));
        var missing = new FileNotFoundException($"there is no recipe '{_folder.Path}'", _folder.Path);
        var wanted = new FileNotFoundException($"{_folder.Path}: expected a model folder", _folder.Path);

        Assert.Equal($"{_folder.Path}: this is a folder, expected a file", UserError.Describe(opened!));
        Assert.Equal($"there is no recipe '{_folder.Path}' (this is a folder)", UserError.Describe(missing));
        Assert.Equal($"{_folder.Path}: expected a model folder", UserError.Describe(wanted));
    }

    [Fact]
    public void Denied_access_names_user_mode_and_remedy()
    {
        if (OperatingSystem.IsWindows())
            return;

        File.WriteAllText(_folder.At("secret"), "");
        File.SetUnixFileMode(_folder.At("secret"), UnixFileMode.UserRead | UnixFileMode.GroupRead);
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserExecute);

        Assert.Equal(
            $"{_folder.At("secret")}: user '{Environment.UserName}' may not open it, r--r-----; "
                + "ask its owner for the right (chmod, chown), or name another place",
            UserError.Describe(Denied(_folder.At("secret"))));
        Assert.Equal(
            $"{_folder.At("new/model")}: user '{Environment.UserName}' may not write in {_folder.Path}, r-x------; "
                + "ask its owner for the right (chmod, chown), or name another place",
            UserError.Describe(Denied(_folder.At("new/model.123.tmp"))));
        File.SetUnixFileMode(_folder.Path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
    }

    [Fact]
    public void A_missing_folder_is_named()
    {
        var error = Record.Exception(() => File.WriteAllText(_folder.At("none/file"), ""));

        Assert.Equal($"{_folder.At("none/file")}: there is no folder '{_folder.At("none")}'", UserError.Describe(error!));
    }

    [Fact]
    public void The_name_of_a_parameter_is_not_for_users()
    {
        var error = new ArgumentException("expected at least 1 output, got 0", "spec");

        Assert.Equal("x.nnet: expected at least 1 output, got 0", UserError.Describe(new InputException($"x.nnet: {error.Message}")));
    }

    private static UnauthorizedAccessException Denied(string path) => new($"Access to the path '{path}' is denied.");
}
