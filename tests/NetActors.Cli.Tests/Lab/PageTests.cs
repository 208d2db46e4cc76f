using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace NetActors.Cli.Tests.Lab;

public sealed class PageTests : IDisposable
{
    private static readonly XNamespace Svg = "http://www.w3.org/2000/svg";
    private readonly Cli _cli = new();

    public void Dispose() => _cli.Dispose();

    [Fact]
    public void A_comparison_has_latencies_and_for_each_variant_its_cpus_and_queues()
    {
        var page = Page("compare", "tcp-rr", "--set", "hosts.server.devices.eth0.queues=1", "--seeds", "2", "--duration", "3ms");
        Assert.Equal(["latency", "cpus-A", "queues-A", "cpus-B", "queues-B"], Figures(page));
        Assert.Contains("throughput  ", page, StringComparison.Ordinal);
    }

    [Fact]
    public void A_sweep_has_a_plot_for_each_figure()
    {
        var page = Page("sweep", "udp-echo", "--set", "hosts.client.tasks.asker.rate=10..40*2kpps", "--set", "hosts.server.devices.eth0.queues=1,2", "--duration", "3ms", "--out", "s");
        Assert.Equal(["throughput", "p50", "p99", "cpu", "busiest", "core_us", "interrupts", "drops"], Figures(page));
    }

    [Fact]
    public void An_explanation_has_the_cpus_and_the_queues() =>
        Assert.Equal(["cpus", "queues", "latency"], Figures(Page("explain", "bottlenecks/small-ring", "--no-trials", "--duration", "5ms")));

    [Fact]
    public void Pictures_are_files_of_their_own_and_equal_runs_give_equal_ones()
    {
        foreach (var name in new[] { "one", "two" })
            Assert.Equal(0, _cli.Run("explain", "udp-echo", "--no-trials", "--duration", "2ms", "--svg", _cli.PathOf(name)).ExitCode);
        var files = Directory.EnumerateFiles(_cli.PathOf("one")).Select(f => Path.GetFileName(f)!).Order(StringComparer.Ordinal).ToList();
        Assert.Equal(["cpus.svg", "latency.svg", "queues.svg"], files);
        foreach (var file in files)
        {
            var text = File.ReadAllText(Path.Combine(_cli.PathOf("one"), file));
            Assert.Equal(text, File.ReadAllText(Path.Combine(_cli.PathOf("two"), file)));
            Assert.Equal(Svg + "svg", XDocument.Parse(text).Root!.Name);
        }
    }

    [Fact]
    public void Names_of_files_and_keys_are_text_and_no_markup()
    {
        var file = _cli.Write("s.yaml", "description: a <b>&\"c\"\nduration: 1ms\nhosts: { a: { devices: { eth0: { addresses: [10.0.0.1/24] } } } }\n");
        var page = Page("explain", file, "--no-trials");
        Assert.Contains("a &lt;b&gt;&amp;&quot;c&quot;", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", page, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("--html")]
    [InlineData("--svg")]
    public void What_cannot_be_written_costs_no_run(string option)
    {
        var result = _cli.Run("explain", "udp-echo", "--duration", "3600s", option, "/proc/none/x");
        Assert.Equal((ExitCode.Usage, ""), (result.ExitCode, result.Out));
        Assert.Contains($"{option}: `/proc/none/x` cannot be ", result.Error, StringComparison.Ordinal);
    }

    /// <summary>The page of a command: well-formed, and it loads nothing.</summary>
    private string Page(params string[] args)
    {
        var file = _cli.PathOf("page.html");
        var result = _cli.Run([.. args, "--html", file]);
        Assert.Equal((0, ""), (result.ExitCode, result.Error));
        var page = File.ReadAllText(file);
        Assert.DoesNotContain(" src=", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<script", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<link", page, StringComparison.Ordinal);
        Assert.DoesNotContain("url(", page.Replace("url(#", "", StringComparison.Ordinal), StringComparison.Ordinal);
        Assert.All(Regex.Matches(page, "https?://[^\"' <]*").Select(m => m.Value), address => Assert.StartsWith("http://www.w3.org/", address, StringComparison.Ordinal));
        return page;
    }

    private static List<string> Figures(string page)
    {
        var figures = Regex.Matches(page, "<figure id=\"([^\"]+)\">(.*?)</figure>", RegexOptions.Singleline);
        foreach (Match figure in figures)
        {
            var svg = XDocument.Parse(figure.Groups[2].Value.Trim());
            Assert.True(svg.Descendants().Count(e => e.Name.LocalName is "path" or "polyline" or "rect" or "line" or "polygon") > 5, "a plot with nothing in it");
        }

        return [.. figures.Select(f => f.Groups[1].Value)];
    }
}
