using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Security.Cryptography;
using System.Security.Cryptography.X509Certificates;

namespace Mimir.Tests.Support;

/// <summary>A test that needs nginx; it is skipped, and says so, where it is missing.</summary>
[AttributeUsage(AttributeTargets.Method)]
internal sealed class NginxFactAttribute : FactAttribute
{
    public NginxFactAttribute()
    {
        if (Nginx.Program is null)
            Skip = "needs nginx (Debian's nginx-light)";
    }
}

/// <summary>A web server of its own on a free port, which serves a folder with a manifest.</summary>
public sealed class Nginx : IDisposable
{
    private readonly DirectoryInfo _folder = Directory.CreateTempSubdirectory("mimir-nginx");
    private readonly Process? _process;

    public Nginx()
    {
        if (Program is null)
            return;

        (Port, SecurePort) = (FreePort(), FreePort());
        using var key = ECDsa.Create(ECCurve.NamedCurves.nistP256);
        var request = new CertificateRequest("CN=localhost", key, HashAlgorithmName.SHA256);
        using var certificate = request.CreateSelfSigned(DateTimeOffset.UtcNow.AddDays(-1), DateTimeOffset.UtcNow.AddDays(1));
        Thumbprint = certificate.Thumbprint;
        File.WriteAllText(Path.Combine(_folder.FullName, "cert.pem"), certificate.ExportCertificatePem());
        File.WriteAllText(Path.Combine(_folder.FullName, "key.pem"), key.ExportPkcs8PrivateKeyPem());
        Directory.CreateDirectory(Corpus);
        File.WriteAllText(Path.Combine(_folder.FullName, "nginx.conf"), $$"""
            daemon off;
            master_process off;
            pid {{_folder.FullName}}/pid;
            error_log stderr warn;
            events { worker_connections 64; }
            http {
              access_log {{_folder.FullName}}/access.log;
              client_body_temp_path {{_folder.FullName}}/body;
              proxy_temp_path {{_folder.FullName}}/proxy;
              fastcgi_temp_path {{_folder.FullName}}/fastcgi;
              uwsgi_temp_path {{_folder.FullName}}/uwsgi;
              scgi_temp_path {{_folder.FullName}}/scgi;
              server {
                listen 127.0.0.1:{{Port}};
                listen 127.0.0.1:{{SecurePort}} ssl;
                ssl_certificate {{_folder.FullName}}/cert.pem;
                ssl_certificate_key {{_folder.FullName}}/key.pem;
                root {{Corpus}};
                location / { if (-f {{_folder.FullName}}/busy) { return 503; } }
              }
            }
            """);
        _process = Process.Start(
            new ProcessStartInfo(Program, ["-p", _folder.FullName, "-c", Path.Combine(_folder.FullName, "nginx.conf"), "-e", "stderr"])
            {
                RedirectStandardError = true,
            });
        Assert.True(SpinWait.SpinUntil(Answers, TimeSpan.FromSeconds(10)));
    }

    public static string? Program { get; } = ((string[])["/usr/sbin/nginx", "/usr/bin/nginx", "/usr/local/sbin/nginx"])
        .FirstOrDefault(File.Exists);

    /// <summary>Gets the folder that is served.</summary>
    public string Corpus => Path.Combine(_folder.FullName, "corpus");

    public int Port { get; }

    private int SecurePort { get; }

    public Uri Address => new($"http://127.0.0.1:{Port}/");

    public Uri SecureAddress => new($"https://localhost:{SecurePort}/");

    /// <summary>Gets the thumbprint of the certificate, which it has signed itself.</summary>
    public string Thumbprint { get; } = "";

    /// <summary>Gets the requests so far: 'status bytes range' as the server has seen them.</summary>
    public string[] Requests => File.ReadAllLines(Path.Combine(_folder.FullName, "access.log"));

    /// <summary>Writes files of random bytes and the manifest of all.</summary>
    public void Serve(params (string Path, int Bytes)[] files)
    {
        Clear();
        foreach (var (path, bytes) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(At(path))!);
            File.WriteAllBytes(At(path), RandomNumberGenerator.GetBytes(bytes));
        }

        WriteManifest(Corpus);
    }

    /// <summary>Serves nothing from here on, and forgets the requests.</summary>
    public void Clear()
    {
        Directory.Delete(Corpus, recursive: true);
        Directory.CreateDirectory(Corpus);
        using var log = new FileStream(Path.Combine(_folder.FullName, "access.log"), FileMode.Open, FileAccess.Write, FileShare.ReadWrite);
        log.SetLength(0);
    }

    /// <summary>Writes the manifest of a folder.</summary>
    public static void WriteManifest(string folder)
    {
        var files = Directory.GetFiles(folder, "*", SearchOption.AllDirectories).Where(file => Path.GetFileName(file) != "SHA256SUMS");
        File.WriteAllLines(
            Path.Combine(folder, "SHA256SUMS"),
            files.Select(
                file => $"{Convert.ToHexStringLower(SHA256.HashData(File.ReadAllBytes(file)))}  {Path.GetRelativePath(folder, file)}"));
    }

    public string At(string path) => Path.Combine(Corpus, path);

    public byte[] Content(string path) => File.ReadAllBytes(At(path));

    /// <summary>Answers everything with 503 until it is called again.</summary>
    public void Busy(bool busy)
    {
        var flag = Path.Combine(_folder.FullName, "busy");
        if (busy)
            File.WriteAllText(flag, "");
        else
            File.Delete(flag);
    }

    public void Dispose()
    {
        if (_process is not null)
        {
            _process.Kill();
            _process.WaitForExit();
            _process.Dispose();
        }

        _folder.Delete(recursive: true);
    }

    private static int FreePort()
    {
        using var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        socket.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)socket.LocalEndPoint!).Port;
    }

    private bool Answers()
    {
        try
        {
            using var client = new TcpClient("127.0.0.1", Port);
            return true;
        }
        catch (SocketException)
        {
            return false;
        }
    }
}
