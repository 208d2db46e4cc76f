using NetActors.Nic;
using NetActors.Scenarios;
using NetActors.Time;

namespace NetActors.Hosts;

/// <content>Commands of ethtool and tc.</content>
internal sealed partial class HostKnobs
{
    private EthtoolResult SetEthtool(NicDevice card, KnobKind kind, string value, KernelTime now)
    {
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        switch (kind)
        {
            case KnobKind.Rxfh:
                return card.Ethtool.SetRxfh(value, now, out _);
            case KnobKind.RxNfc:
                return SetRxNfc(card.Ethtool, words, value, now);
            case KnobKind.Features:
                return SetFeatures(card, words, now);
        }

        if (words.Length == 0 || words.Length % 2 != 0) return EthtoolResult.Invalid($"{value} are not names with a value each");
        var pairs = new Dictionary<string, string>(StringComparer.Ordinal);
        for (var i = 0; i < words.Length; i += 2) pairs[words[i]] = words[i + 1];
        return kind switch
        {
            KnobKind.Coalesce => SetCoalesce(card, pairs, now),
            KnobKind.Ring => SetRing(card, pairs, now),
            _ => SetPause(card, pairs, now),
        };
    }

    private static EthtoolResult SetRxNfc(EthtoolSettings ethtool, string[] words, string value, KernelTime now)
    {
        switch (words)
        {
            case ["delete", var location]:
                return TryNumber(location, int.MaxValue, out var number) ? ethtool.DeleteFlowRule(number, now) : EthtoolResult.Invalid($"{location} is no location");
            case ["rx-flow-hash", var type, var letters]:
                return ethtool.SetRxFlowHash(type, letters, now);
            case ["rx-flow-hash", var type, var letters, "context", var context]:
                return TryNumber(context, int.MaxValue, out var id) ? ethtool.SetRxFlowHash(type, letters, now, id) : EthtoolResult.Invalid($"{context} is no context");
            default:
                return ethtool.AddFlowRule(value, now, out _);
        }
    }

    private static EthtoolResult SetFeatures(NicDevice card, string[] words, KernelTime now)
    {
        if (words.Length == 0 || words.Length % 2 != 0) return EthtoolResult.Invalid("features need on or off each");
        for (var i = 0; i < words.Length; i += 2)
        {
            if (words[i + 1] is not ("on" or "off")) return EthtoolResult.Invalid($"{words[i]} is on or off, not {words[i + 1]}");
            var answer = card.Ethtool.SetFeature(words[i], words[i + 1] == "on", now);
            if (!answer.Ok) return answer;
        }

        if (!card.Ethtool.HasFeature("ntuple")) card.Arfs.Clear();
        return EthtoolResult.Success;
    }

    private static EthtoolResult SetCoalesce(NicDevice card, Dictionary<string, string> pairs, KernelTime now)
    {
        var change = new CoalesceChange();
        foreach (var (name, value) in pairs)
        {
            int? number = TryNumber(value, int.MaxValue, out var count) ? count : null;
            bool? isOn = value is "on" or "off" ? value == "on" : null;
            var next = (name, number, isOn) switch
            {
                ("rx-usecs", not null, _) => change with { RxUsecs = number },
                ("rx-frames", not null, _) => change with { RxFrames = number },
                ("tx-usecs", not null, _) => change with { TxUsecs = number },
                ("tx-frames", not null, _) => change with { TxFrames = number },
                ("adaptive-rx", _, not null) => change with { AdaptiveRx = isOn },
                ("adaptive-tx", _, not null) => change with { AdaptiveTx = isOn },
                ("cqe-mode-rx", _, not null) => change with { CqeModeRx = isOn },
                ("cqe-mode-tx", _, not null) => change with { CqeModeTx = isOn },
                _ => null,
            };
            if (next is null)
                return EthtoolResult.Invalid($"{name} {value}: rx-usecs, rx-frames, tx-usecs and tx-frames have a number, adaptive-rx, adaptive-tx, cqe-mode-rx and cqe-mode-tx on or off");
            change = next;
        }

        return card.Ethtool.SetCoalesce(change, now);
    }

    private EthtoolResult SetRing(NicDevice card, Dictionary<string, string> pairs, KernelTime now)
    {
        if (!layer.IsVirtual) return EthtoolResult.NotSupported("rings are made anew in virtual time only");
        if (pairs.Count != 1 || !pairs.TryGetValue("rx", out var text) || !TryNumber(text, int.MaxValue, out var rx))
            return EthtoolResult.NotSupported("only the receive ring is made anew while the host runs: rx N");
        return card.Ethtool.SetRing(rx, null, now);
    }

    private static EthtoolResult SetPause(NicDevice card, Dictionary<string, string> pairs, KernelTime now)
    {
        var (rx, tx) = (card.Receive.PauseRx, card.Receive.PauseTx);
        foreach (var (name, value) in pairs)
        {
            if (name is not ("rx" or "tx") || value is not ("on" or "off")) return EthtoolResult.Invalid($"{name} {value}: rx and tx are on or off");
            if (name == "rx") rx = value == "on";
            else tx = value == "on";
        }

        return card.Ethtool.SetPause(rx, tx, now);
    }

    private EthtoolResult SetTc(string value, KernelTime now)
    {
        if (!layer.IsVirtual) return EthtoolResult.NotSupported("qdiscs change in virtual time only");
        var words = value.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        var at = Array.IndexOf(words, "dev");
        var name = at >= 0 && at + 1 < words.Length ? words[at + 1] : "";
        if (host.Nics.Find(nic => nic.Name == name) is not { } card) return NoDevice(name);
        return card.Qdiscs.Apply("tc " + value, now) is { } fault ? EthtoolResult.Invalid(fault) : EthtoolResult.Success;
    }
}
