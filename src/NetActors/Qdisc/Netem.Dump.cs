using System.Globalization;
using System.Text;

namespace NetActors.Qdisc;

public sealed partial class Netem
{
    /// <inheritdoc />
    internal override void DumpOptions(StringBuilder text)
    {
        var s = _settings;
        text.Append(CultureInfo.InvariantCulture, $"limit {Limit}");
        if (s.Latency > 0 || s.Jitter > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" delay {TcText.TimeOfNanoseconds(s.Latency)}");
            if (s.Jitter > 0) text.Append(CultureInfo.InvariantCulture, $"  {TcText.TimeOfNanoseconds(s.Jitter)}");
            if (s.Jitter > 0 && s.DelayCorrelation > 0) text.Append(CultureInfo.InvariantCulture, $" {TcText.Percent(s.DelayCorrelation)}");
        }

        switch (s.LossModel)
        {
            case NetemLossModel.FourStates:
                text.Append(CultureInfo.InvariantCulture, $" loss state p13 {TcText.Percent(s.Chain[0])} p31 {TcText.Percent(s.Chain[1])} p32 {TcText.Percent(s.Chain[2])}");
                text.Append(CultureInfo.InvariantCulture, $" p23 {TcText.Percent(s.Chain[4])} p14 {TcText.Percent(s.Chain[3])}");
                break;
            case NetemLossModel.GilbertElliott:
                text.Append(CultureInfo.InvariantCulture, $" loss gemodel p {TcText.Percent(s.Chain[0])} r {TcText.Percent(s.Chain[1])}");
                text.Append(CultureInfo.InvariantCulture, $" 1-h {TcText.Percent(uint.MaxValue - s.Chain[2])} 1-k {TcText.Percent(s.Chain[3])}");
                break;
            default:
                Share(text, "loss", s.Loss, s.LossCorrelation);
                break;
        }

        Share(text, "duplicate", s.Duplicate, s.DuplicateCorrelation);
        if (s.Gap > 0) Share(text, "reorder", s.Reorder, s.ReorderCorrelation);
        Share(text, "corrupt", s.Corrupt, s.CorruptCorrelation);
        if (s.Rate > 0)
        {
            text.Append(CultureInfo.InvariantCulture, $" rate {TcText.Rate(s.Rate)}");
            if (s.PacketOverhead != 0) text.Append(CultureInfo.InvariantCulture, $" packetoverhead {s.PacketOverhead}");
            if (s.CellSize != 0) text.Append(CultureInfo.InvariantCulture, $" cellsize {s.CellSize}");
            if (s.CellOverhead != 0) text.Append(CultureInfo.InvariantCulture, $" celloverhead {s.CellOverhead}");
        }

        if (s.Slots is { } slots)
        {
            if (slots.DistDelay > 0 || slots.DistJitter > 0)
                text.Append(CultureInfo.InvariantCulture, $" slot distribution {TcText.TimeOfNanoseconds(slots.DistDelay)} {TcText.TimeOfNanoseconds(slots.DistJitter)}");
            else
                text.Append(CultureInfo.InvariantCulture, $" slot {TcText.TimeOfNanoseconds(slots.MinDelay)} {TcText.TimeOfNanoseconds(slots.MaxDelay)}");
            if (slots.MaxPackets > 0) text.Append(CultureInfo.InvariantCulture, $" packets {slots.MaxPackets}");
            if (slots.MaxBytes > 0) text.Append(CultureInfo.InvariantCulture, $" bytes {slots.MaxBytes}");
        }

        if (s.Ecn) text.Append(" ecn ");
        if (s.Gap > 0) text.Append(CultureInfo.InvariantCulture, $" gap {s.Gap}");
    }

    private static void Share(StringBuilder text, string name, uint share, uint correlation)
    {
        if (share == 0) return;
        text.Append(CultureInfo.InvariantCulture, $" {name} {TcText.Percent(share)}");
        if (correlation > 0) text.Append(CultureInfo.InvariantCulture, $" {TcText.Percent(correlation)}");
    }
}
