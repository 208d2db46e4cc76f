using NetActors.Sockets;
using NetActors.Time;
using NetActors.Udp;

namespace NetActors.Apps;

/// <summary>Sends every datagram back to where it came from (RFC 862).</summary>
internal sealed class UdpEchoProgram(UdpSocket socket, int batch, KernelTime service) : AppProgram
{
    private const int LargestPayload = 65507;
    private RecvRequest _request = null!;
    private SendRequest _reply = null!;

    public override void Start()
    {
        _request = new RecvRequest(Task.Entity, batch);
        _reply = new SendRequest(Task.Entity, batch);
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

        for (var i = 0; i < request.Count; i++)
        {
            var (skb, length) = (request.Batch[i], request.Batch[i].HeadLength);
            ref var message = ref _reply.Messages[i];
            if (message.Payload is null || message.Payload.Length < length) message.Payload = new byte[Math.Clamp(length * 2, 2048, LargestPayload)];
            skb.Data.CopyTo(message.Payload);
            (message.Length, message.Address, message.Port) = (length, skb.Cb.SourceAddress, skb.Cb.SourcePort);
        }

        _reply.Count = request.Count;
        Task.Free(request);
        if (service > KernelTime.Zero) Task.Burst(service * _reply.Count);
        else Task.Send(socket, _reply);
    }

    public override void OnBurst() => Task.Send(socket, _reply);

    public override void OnSent(SendRequest request)
    {
        if (request.Error != Errno.None) Errors++;
        Next();
    }

    public override void OnStop()
    {
        if (_request is not null) Task.Free(_request);
    }

    private void Next() => Task.Receive(socket, _request, KernelTime.Never);
}
