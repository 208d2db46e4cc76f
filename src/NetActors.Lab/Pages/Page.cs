using System.Net;
using System.Text;

namespace NetActors.Lab.Pages;

/// <summary>One page that stands alone: text as it is printed, and pictures within it. It loads nothing.</summary>
internal static class Page
{
    /// <summary>The page.</summary>
    /// <param name="title">Its title.</param>
    /// <param name="text">The report as a terminal shows it.</param>
    /// <param name="plots">The pictures.</param>
    public static string Of(string title, string text, IReadOnlyList<Plot> plots)
    {
        var page = new StringBuilder();
        page.Append("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n");
        page.Append("<meta name=\"viewport\" content=\"width=device-width\">\n<title>").Append(WebUtility.HtmlEncode(title)).Append("</title>\n<style>\n");
        page.Append("body { font-family: sans-serif; margin: 2em auto; max-width: 76em; padding: 0 1em; color: #222 }\n");
        page.Append("pre { overflow-x: auto; background: #f7f7f7; padding: 1em; font-size: 85% }\nfigure { margin: 1.5em 0 }\nsvg { max-width: 100%; height: auto }\n");
        page.Append("</style>\n</head>\n<body>\n<h1>").Append(WebUtility.HtmlEncode(title)).Append("</h1>\n<pre>").Append(WebUtility.HtmlEncode(text)).Append("</pre>\n");
        foreach (var plot in plots) page.Append("<figure id=\"").Append(WebUtility.HtmlEncode(plot.Name)).Append("\">\n").Append(plot.Svg(isFile: false)).Append("\n</figure>\n");
        return page.Append("</body>\n</html>\n").ToString();
    }
}
