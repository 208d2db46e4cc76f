using System.Globalization;
using NetActors.Costs;
using NetActors.Scenarios.Reading;

namespace NetActors.Lab.Calibrating;

/// <summary>One parameter of a fit: operations whose costs grow and shrink together, since only their sum was published.</summary>
/// <param name="Text">As it was written.</param>
/// <param name="Operations">The operations.</param>
/// <param name="Least">Least factor to the present cost.</param>
/// <param name="Most">Greatest factor.</param>
internal sealed record CostGroup(string Text, IReadOnlyList<CostOp> Operations, double Least, double Most)
{
    private const double Widest = 100;

    /// <summary>Reads <c>IdleExit</c>, <c>TcpReceive+TcpTransmit:0.5..4</c>; unless written, the bounds are a fifth and five times.</summary>
    public static Reading<CostGroup> Read(string text)
    {
        var colon = text.IndexOf(':', StringComparison.Ordinal);
        var operations = new List<CostOp>();
        foreach (var name in (colon < 0 ? text : text[..colon]).Split('+', StringSplitOptions.TrimEntries))
        {
            if (!Enum.TryParse<CostOp>(name, out var op) || op.ToString() != name)
            {
                return Reading<CostGroup>.Bad($"no operation is called `{Words.Cut(name)}`", NearestName.Of(name, Enum.GetNames<CostOp>()));
            }

            operations.Add(op);
        }

        var (least, most) = (0.2, 5.0);
        if (colon >= 0)
        {
            var bounds = text[(colon + 1)..].Split("..");
            if (bounds.Length != 2 || !Factor(bounds[0], out least) || !Factor(bounds[1], out most) || least > most)
                return Reading<CostGroup>.Bad($"`{Words.Cut(text)}`: bounds are two factors from 0.01 to 100, as in IdleExit:0.5..4");
        }

        return new CostGroup(text, operations, least, most);
    }

    /// <summary>The model with this group's costs times <paramref name="factor"/>.</summary>
    public CostModel Scale(CostModel model, double factor, string source)
    {
        foreach (var op in Operations)
        {
            var was = model[op];
            var now = Math.Max(was > 0 ? 1 : 0, (long)Math.Round(was * factor));
            if (now != was) model = model.With(op, new CostFigure(now, CostMark.Derived, $"{source}; was {was} ns"));
        }

        return model;
    }

    private static bool Factor(string text, out double factor) =>
        double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out factor) && factor is >= 1 / Widest and <= Widest;
}
