namespace Mimir.Train.Reports;

/// <summary>How the report looks.</summary>
internal static class ReportStyle
{
    /// <summary>The style sheet.</summary>
    public const string Sheet = """
        :root {
          color-scheme: light dark;
          --paper: #fcfcfb; --card: #ffffff; --ink: #0b0b0b; --soft: #52514e; --line: #e1e0d9;
          --a: #2a78d6; --b: #eb6834; --good: #006300; --bad: #b3261e; --wait: #8a5a00;
        }
        @media (prefers-color-scheme: dark) {
          :root {
            --paper: #121211; --card: #1a1a19; --ink: #ffffff; --soft: #c3c2b7; --line: #383835;
            --a: #3987e5; --b: #d95926; --good: #4cc24c; --bad: #ff7a70; --wait: #e0ab3e;
          }
        }
        * { box-sizing: border-box; }
        body { margin: 0; background: var(--paper); color: var(--ink); font: 15px/1.5 system-ui, sans-serif; }
        main { max-width: 1180px; margin: 0 auto; padding: 24px 20px 48px; }
        h1 { font-size: 26px; margin: 0; overflow-wrap: anywhere; }
        h2 { font-size: 17px; margin: 32px 0 10px; }
        .when, .note, .none { color: var(--soft); }
        .when { margin: 2px 0 20px; }
        .status { font-size: 13px; font-weight: 600; border: 1px solid; border-radius: 99px; padding: 2px 10px; vertical-align: 5px; }
        .status.ok { color: var(--good); }
        .status.failed { color: var(--bad); }
        .status.interrupted { color: var(--wait); }
        .error { border-left: 3px solid var(--bad); padding: 4px 12px; white-space: pre-wrap; overflow-wrap: anywhere; }
        .tiles { display: grid; grid-template-columns: repeat(auto-fill, minmax(150px, 1fr)); gap: 12px; }
        .tile, figure { background: var(--card); border: 1px solid var(--line); border-radius: 8px; }
        .tile { padding: 12px 14px; }
        .tile .value { font-size: 24px; font-weight: 600; }
        .tile .name { color: var(--soft); font-size: 13px; }
        .charts { display: grid; grid-template-columns: repeat(auto-fit, minmax(min(340px, 100%), 1fr)); gap: 12px; margin-top: 12px; }
        figure { margin: 0; padding: 12px 14px; }
        figcaption { font-size: 13px; margin-bottom: 6px; }
        .key { white-space: nowrap; margin-left: 8px; color: var(--soft); }
        .key i { display: inline-block; width: 14px; height: 3px; border-radius: 2px; margin-right: 5px; vertical-align: 4px; }
        .key i.a { background: var(--a); }
        .key i.b { background: var(--b); }
        svg { display: block; width: 100%; height: auto; }
        svg text { fill: var(--soft); font: 12px system-ui, sans-serif; }
        svg .x { text-anchor: middle; }
        svg .y { text-anchor: end; }
        .grid { stroke: var(--line); stroke-width: 1; }
        .line { fill: none; stroke-width: 2; stroke-linejoin: round; }
        .line.a, .dot.a { stroke: var(--a); }
        .line.b, .dot.b { stroke: var(--b); }
        .dot { stroke-width: 2; }
        .dot.a { fill: var(--a); }
        .dot.b { fill: var(--b); }
        .dot.hollow { fill: var(--card); }
        .scroll { overflow-x: auto; }
        table { border-collapse: collapse; font-variant-numeric: tabular-nums; font-size: 14px; }
        th { text-align: right; color: var(--soft); font-weight: 600; }
        th, td { padding: 4px 14px 4px 0; border-bottom: 1px solid var(--line); white-space: nowrap; }
        .numbers td { text-align: right; }
        .facts td { white-space: normal; overflow-wrap: anywhere; }
        .facts td:first-child { color: var(--soft); white-space: nowrap; }
        summary { cursor: pointer; color: var(--soft); }
        pre { background: var(--card); border: 1px solid var(--line); border-radius: 8px; padding: 14px; overflow-x: auto; font: 13px/1.5 ui-monospace, monospace; }

        """;
}
