using NetActors.Apps.Traffic;
using NetActors.Sockets;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Apps;

/// <summary>Sends datagrams at given times without listening for answers.</summary>
internal sealed class PacketFloodProgram(
    UdpSocket socket, ArrivalProcess arrivals, KernelTime stop, int batch, int largestSize, Func<(int Size, uint Address, ushort Port)> next) : AppProgram
{
    private SendRequest _request = null!;

    /// <summary>Datagrams handed to the stack.</summary>
    public long Sent { get; private set; }

    public override void Start()
    {
        _request = new SendRequest(Task.Entity, batch);
        Turn();
    }

    public override void OnSent(SendRequest request)
    {
        Sent += request.Sent;
        if (request.Error != Errno.None) Errors++;
        Turn();
    }

    public override void OnTimer(KernelTime now) => Turn();

    private void Turn()
    {
        var now = Task.Now;
        for (_request.Count = 0; _request.Count < batch && arrivals.Next <= now && arrivals.Next < stop; arrivals.Advance())
        {
            ref var message = ref _request.Messages[_request.Count++];
            message.Payload ??= new byte[largestSize];
            (message.Length, message.Address, message.Port) = next();
        }

        if (_request.Count > 0) Task.Send(socket, _request);
        else if (arrivals.Next < stop) Task.SleepUntil(arrivals.Next);
        else Task.Exit();
    }
}
