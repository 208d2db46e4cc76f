using NetActors.Sockets;

namespace NetActors.Script.Shell;

/// <summary><c>ethtool -K DEVICE FEATURE on|off ...</c>.</summary>
internal static class EthtoolCommand
{
    /// <summary>Turns offloads on and off.</summary>
    public static ShellResult Run(IScriptHostCommands host, IReadOnlyList<string> arguments)
    {
        if (arguments is not [("-K" or "--offload" or "--features"), var device, ..])
            return ShellResult.Fail($"ethtool: '{string.Join(' ', arguments)}' is not supported: only -K is");
        if (arguments.Count < 4 || arguments.Count % 2 != 0)
            return ShellResult.Fail("ethtool: -K needs a device and pairs of a feature and on or off");
        for (var i = 2; i < arguments.Count; i += 2)
        {
            if (arguments[i + 1] is not ("on" or "off")) return ShellResult.Fail($"ethtool: '{arguments[i + 1]}' is neither on nor off");
            var error = host.ChangeOffload(device, arguments[i], arguments[i + 1] == "on");
            if (error != Errno.None)
                return ShellResult.Fail($"ethtool: cannot turn {arguments[i]} of {device} {arguments[i + 1]}: {error}");
        }

        return ShellResult.Success;
    }
}
