using OxyPlot;

namespace NetActors.Lab.Pages;

/// <summary>A picture of figures.</summary>
/// <param name="Name">Name of its file, without ending.</param>
/// <param name="Model">What it shows.</param>
/// <param name="Height">Its height in pixels.</param>
internal sealed record Plot(string Name, PlotModel Model, int Height = 320)
{
    private const int Width = 900;

    /// <summary>What it is.</summary>
    public string Title => Model.Title;

    /// <summary>The picture as SVG.</summary>
    /// <param name="isFile">With the header of a file of its own; without it stands inside a page.</param>
    public string Svg(bool isFile)
    {
        var svg = new SvgExporter { Width = Width, Height = Height, IsDocument = isFile }.ExportToString(Model);
        return svg.Replace("\r\n", "\n", StringComparison.Ordinal)
            .Replace("clipPath", $"{Name}-clip", StringComparison.Ordinal) // one page holds several, whose identifiers must differ
            .Replace($"<{Name}-clip ", "<clipPath ", StringComparison.Ordinal).Replace($"</{Name}-clip>", "</clipPath>", StringComparison.Ordinal);
    }
}
