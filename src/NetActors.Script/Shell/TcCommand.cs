namespace NetActors.Script.Shell;

/// <summary><c>tc qdisc add|change|replace|del dev DEVICE root [handle H:] KIND ...</c>.</summary>
internal static class TcCommand
{
    /// <summary>Changes the root queueing discipline of a device.</summary>
    public static ShellResult Run(IScriptHostCommands host, ReadOnlySpan<string> arguments)
    {
        if (arguments is not ["qdisc" or "q", var verb, .. var rest])
            return ShellResult.Fail($"tc: '{string.Join(' ', arguments.ToArray())}' is not supported: only qdisc is");
        if (verb is not ("add" or "change" or "replace" or "del" or "delete"))
            return ShellResult.Fail($"tc: 'qdisc {verb}' is not supported");
        string? device = null;
        while (rest is ["dev" or "handle" or "root", ..])
        {
            if (rest[0] == "root") rest = rest[1..];
            else if (rest.Length < 2) return ShellResult.Fail($"tc: what follows '{rest[0]}' is missing");
            else
            {
                if (rest[0] == "dev") device = rest[1];
                rest = rest[2..];
            }
        }

        if (device is null) return ShellResult.Fail("tc: qdisc needs dev DEVICE");
        var isDeletion = verb is "del" or "delete";
        if (rest.IsEmpty && !isDeletion) return ShellResult.Fail("tc: qdisc needs a kind, such as fq");
        if (!rest.IsEmpty && rest[0] is "parent" or "ingress" or "clsact")
            return ShellResult.Fail($"tc: 'qdisc ... {rest[0]}' is not supported: only root is");
        var command = new QdiscCommand(isDeletion ? "del" : verb, device, rest.IsEmpty ? null : rest[0], rest.IsEmpty ? []
            : rest[1..].ToArray());
        return host.ChangeQdisc(command) is { } fault ? ShellResult.Fail($"tc: qdisc {verb} {command.Kind} dev {device}: {fault}", 2) : ShellResult.Success;
    }
}
