using NetActors.Observe;
using NetActors.Sockets;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Apps;

/// <summary>Receives datagrams, works on each, forgets them. Latency is from the wire's last bit to the program.</summary>
internal sealed class UdpSinkProgram(UdpSocket socket, int batch, KernelTime service, LatencyHistogram latency) : AppProgram
{
    private RecvRequest _request = null!;

    /// <summary>Datagrams handled.</summary>
    public long Handled { get; private set; }

    public override void Start()
    {
        _request = new RecvRequest(Task.Entity, batch);
        Next();
    }

    public override void OnReceived(RecvRequest request)
    {
        if (request.Error != Errno.None)
        {
            Errors++;
            Next();
            return;
        }

        var (now, count) = (Task.Now, request.Count);
        for (var i = 0; i < count; i++) latency.Record(now - request.Batch[i].Arrival);
        Handled += count;
        Task.Free(request);
        if (service > KernelTime.Zero) Task.Burst(service * count);
        else Next();
    }

    public override void OnBurst() => Next();

    public override void OnStop()
    {
        if (_request is not null) Task.Free(_request);
    }

    private void Next() => Task.Receive(socket, _request, KernelTime.Never);
}
