using NetActors.Script.Code;
using NetActors.Script.Syntax;
using NetActors.Sockets;

namespace NetActors.Script.Running;

/// <summary>
/// Runs a script's code on what the socket under test says of itself at this moment (packetdrill: <c>run_code_event</c>).
/// </summary>
internal sealed class CodeBlocks(IScriptHost host, ScriptSockets sockets)
{
    private const int SolSocket = 1;
    private const int SolTcp = 6;
    private const int SoMemInfo = 55;
    private const int TcpInfo = 11;
    private const int TcpCcInfo = 26;
    private readonly CodeRunner _runner = new();

    /// <summary>What <c>print()</c> has written.</summary>
    public IReadOnlyList<string> Printed => _runner.Printed;

    /// <summary>Runs a block.</summary>
    /// <exception cref="ScriptMismatchException">An assertion does not hold, or there is no socket to ask.</exception>
    public void Run(CodeAction action)
    {
        if (sockets.UnderTest is not { LiveFd: >= 0 } socket)
            throw new ScriptMismatchException(action.Program.Position,
                "there is no socket that %{ }% could look at: none is accepted or connected");
        if (socket.Protocol is 0 or 6) TcpInfoFields.ReadInfo(Ask(socket, action, SolTcp, TcpInfo, TcpInfoFields.InfoSize, true),
            _runner.Variables);
        if (socket.Protocol is 0 or 6)
            TcpInfoFields.ReadCongestion(Ask(socket, action, SolTcp, TcpCcInfo, TcpInfoFields.CongestionSize, false), _runner.Variables);
        TcpInfoFields.ReadMemory(Ask(socket, action, SolSocket, SoMemInfo, TcpInfoFields.MemorySize, false), _runner.Variables);
        try
        {
            _runner.Run(action.Program);
        }
        catch (CodeErrorException error)
        {
            throw new ScriptMismatchException(error.Position, error.Message);
        }
    }

    private byte[] Ask(ScriptSocket socket, CodeAction action, int level, int option, int room, bool isNeeded)
    {
        var call = host.Begin(new GetSockOptCall(socket.LiveFd, level, option, room, new byte[room]));
        if (call.IsCompleted && call.Answer.Result >= 0) return call.Answer.Data;
        if (!isNeeded) return [];
        var why = call.IsCompleted ? call.Answer.Errno : Errno.EAGAIN;
        throw new ScriptMismatchException(action.Program.Position, $"getsockopt(TCP_INFO) for %{{ }}% answered {why}");
    }
}
