using NetActors.Sockets;

namespace NetActors.Tcp;

/// <summary>
/// The sends of a connection with MSG_ZEROCOPY whose bytes have not been acknowledged (kernel: <c>struct ubuf_info_msgzc</c> on the packets of
/// the write queue). Knows no actor: told what was written and acknowledged, says which sends are over.
/// </summary>
internal sealed class TcpZeroCopy
{
    private const int MostJoinedBytes = 1 << 19; // msg_zerocopy_realloc: a notification must not wait for too much
    private readonly ZeroCopyKeys _keys = new();
    private readonly Queue<Send> _sends = new();
    private Send? _last;
    private bool _isWriting; // the call of the last send is under way, and needs the bytes itself

    /// <summary>Sends under way.</summary>
    public int Count => _sends.Count;

    /// <summary>Begins a send, which joins the last one while that one's bytes still wait to be sent. False for too many (ENOBUFS).</summary>
    /// <param name="writeSeq">Number of the first byte that it will write.</param>
    /// <param name="isUnsent">Bytes of the last send wait to be sent.</param>
    /// <param name="bytes">How many bytes the send has.</param>
    public bool TryBegin(uint writeSeq, bool isUnsent, int bytes)
    {
        _isWriting = true;
        if (isUnsent && _last is not null && _sends.Count > 0 && _last.End == writeSeq && _last.Bytes + bytes < MostJoinedBytes)
        {
            _keys.Join();
            (_last.Count, _last.Bytes, _last.End) = (_last.Count + 1, _last.Bytes + bytes, writeSeq + (uint)bytes);
            return true;
        }

        _isWriting = _keys.TryBegin(out var key);
        if (!_isWriting) return false;
        _last = new Send(key) { Bytes = bytes, End = writeSeq + (uint)bytes };
        _sends.Enqueue(_last);
        return true;
    }

    /// <summary>The last send has written up to here.</summary>
    /// <param name="end">Number of the byte behind its last one.</param>
    /// <param name="isCopied">Its device cannot send from the program's memory.</param>
    public void OnWritten(uint end, bool isCopied)
    {
        _isWriting = false;
        if (_last is null) return;
        _last.End = end;
        _last.IsCopied |= isCopied;
    }

    /// <summary>The last send has written nothing: it does not count (kernel: <c>msg_zerocopy_put_abort</c>).</summary>
    public void Abort()
    {
        _isWriting = false;
        if (_last is null) return;
        _keys.TakeBack();
        if (--_last.Count > 0) return;
        _keys.End();
        _last = null;
        for (var left = _sends.Count; left > 0; left--) // the last of the queue goes
        {
            var send = _sends.Dequeue();
            if (send.Count > 0) _sends.Enqueue(send);
        }
    }

    /// <summary>Takes a send whose bytes are all acknowledged, or any when the connection has thrown its data away.</summary>
    /// <param name="una">First byte not acknowledged.</param>
    /// <param name="isPurged">Nothing is sent any more.</param>
    /// <param name="key">Number of the send.</param>
    /// <param name="count">How many joined it.</param>
    /// <param name="isCopied">Its bytes were copied.</param>
    public bool TryTake(uint una, bool isPurged, out uint key, out uint count, out bool isCopied)
    {
        (key, count, isCopied) = (0, 0, false);
        if (!_sends.TryPeek(out var send) || (_isWriting && send == _last) || (!isPurged && (int)(una - send.End) < 0)) return false;
        _sends.Dequeue();
        _keys.End();
        (key, count, isCopied) = (send.Key, send.Count, send.IsCopied);
        return true;
    }

    private sealed class Send(uint key)
    {
        public uint Key { get; } = key;

        public uint Count { get; set; } = 1;

        public int Bytes { get; set; }

        public uint End { get; set; }

        public bool IsCopied { get; set; }
    }
}
