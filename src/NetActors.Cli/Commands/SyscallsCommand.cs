using System.CommandLine;
using System.Net.Sockets;
using NetActors.Script.Serving;

namespace NetActors.Cli.Commands;

/// <summary><c>netactors syscalls --socket PATH</c>: an emulated host for test programs outside, such as packetdrill itself.</summary>
internal static class SyscallsCommand
{
    /// <summary>The command.</summary>
    public static Command Create(CommandContext context)
    {
        var socket = new Option<string>("--socket") { Description = "Path of the Unix-domain socket to listen on.", HelpName = "PATH", Required = true };
        const string Does = "Serve a fresh host in virtual time to an outside test program: its clock, its packets, its system calls.";
        var command = new Command("syscalls", Does) { socket };
        Help.Extend(
            command,
            context.Terminal,
            examples: ["netactors syscalls --socket /tmp/netactors.sock      ends when the program's connection does"],
            next: ["netactors script FILE.pkt      packet scripts without a program outside"]);
        command.SetAction(result => Serve(context, result.GetRequiredValue(socket)));
        return command;
    }

    private static int Serve(CommandContext context, string path)
    {
        if (File.Exists(path)) throw CliException.Failure($"--socket: `{path}` is there already");
        try
        {
            using var server = new SyscallServer(path);
            server.Run(context.Cancellation);
            if (server.Fault is { } fault) context.Terminal.Error.WriteLine($"netactors: the connection ended: {fault}");
            return context.Cancellation.IsCancellationRequested ? ExitCode.Interrupted : server.EndedWell ? ExitCode.Ok : ExitCode.Failure;
        }
        catch (Exception e) when (e is SocketException or IOException or ArgumentException or UnauthorizedAccessException)
        {
            throw CliException.Failure($"--socket: `{path}` cannot be listened on: {e.Message}");
        }
    }
}
