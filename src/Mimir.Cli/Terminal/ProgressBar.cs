using System.Globalization;
using Mimir.Train.Reports;
using Spectre.Console;
using Spectre.Console.Rendering;

namespace Mimir.Cli.Terminal;

/// <summary>Draws how far a run is, as one line: bar, share, speed, loss, frame accuracy, time left.</summary>
internal static class ProgressBar
{
    private const int Width = 28;

    /// <summary>Draws an event.</summary>
    internal static IRenderable Draw(ProgressEvent progress)
    {
        var grid = new Grid { Expand = false };
        foreach (var _ in Enumerable.Range(0, 5))
            grid.AddColumn(new GridColumn().NoWrap().PadRight(2));

        grid.AddRow(
            new Markup($"[bold]{Markup.Escape(Title(progress))}[/]"),
            new Markup(Bar(progress)),
            new Markup(progress.Rate is { } rate ? Text($"{rate:#,0} {progress.Unit}/s") : Text($"{progress.Done:#,0} {progress.Unit}")),
            new Markup(Measures(progress)),
            new Markup(progress.Remaining is { } left ? Text($"[grey]{(int)left.TotalMinutes}:{left.Seconds:00} left[/]") : ""));
        return grid;
    }

    private static string Title(ProgressEvent progress)
    {
        var set = progress.Set is { } name ? $" {name}" : "";
        return progress.Stage switch
        {
            RunStage.Synthesis => "speak",
            RunStage.Alignment => $"align{set}",
            RunStage.Features => $"features{set}",
            RunStage.Pretraining => $"pre-train {progress.Epoch}" + (progress.MaxEpochs is { } all ? $"/{all}" : ""),
            RunStage.Training => $"epoch {progress.Epoch}" + (progress.MaxEpochs is { } most ? $"/{most}" : ""),
            RunStage.Validation => "validate",
            RunStage.Decoding => $"decode{set}",
            _ => $"score{set}",
        };
    }

    private static string Bar(ProgressEvent progress)
    {
        if (progress.Total <= 0)
            return "";

        var share = Math.Clamp(progress.Done / (double)progress.Total, 0, 1);
        var filled = (int)(share * Width);
        return Text($"[green]{new string('━', filled)}[/][grey]{new string('━', Width - filled)}[/] {share,4:0%}");
    }

    private static string Measures(ProgressEvent progress) => progress switch
    {
        { Loss: { } loss, FrameAccuracy: { } accuracy } => Text($"xent {loss:0.0000}  acc {100 * accuracy:0.00}%"),
        { RealTimeFactor: { } factor } => Text($"{factor:#,0} x real time"),
        _ => "",
    };

    private static string Text(FormattableString text) => text.ToString(CultureInfo.InvariantCulture);
}
