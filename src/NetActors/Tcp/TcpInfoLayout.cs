using System.Buffers.Binary;

namespace NetActors.Tcp;

/// <summary><see cref="TcpInfo"/> as the bytes of <c>struct tcp_info</c> (include/uapi/linux/tcp.h, x86-64).</summary>
internal static class TcpInfoLayout
{
    /// <summary>Bytes of the structure as far as it is filled.</summary>
    public const int Size = 280;

    /// <summary>Lays the fields out.</summary>
    public static byte[] ToBytes(in TcpInfo info)
    {
        var bytes = new byte[Size];
        (bytes[0], bytes[1], bytes[2], bytes[3]) = (info.State, info.CaState, info.Retransmits, info.Probes);
        (bytes[4], bytes[5]) = (info.Backoff, (byte)info.Options);
        bytes[6] = (byte)(info.SndWscale | (info.RcvWscale << 4));
        bytes[7] = (byte)((info.DeliveryRateAppLimited ? 1 : 0) | (info.FastopenClientFail << 1));
        ReadOnlySpan<uint> first =
        [
            info.Rto, info.Ato, info.SndMss, info.RcvMss, info.Unacked, info.Sacked, info.Lost, info.Retrans, info.Fackets, info.LastDataSent,
            info.LastAckSent, info.LastDataRecv, info.LastAckRecv, info.Pmtu, info.RcvSsthresh, info.Rtt, info.Rttvar, info.SndSsthresh,
            info.SndCwnd, info.Advmss, info.Reordering, info.RcvRtt, info.RcvSpace, info.TotalRetrans,
        ];
        var at = Write(bytes, 8, first);
        at = Write(bytes, at, [info.PacingRate, info.MaxPacingRate, info.BytesAcked, info.BytesReceived]);
        at = Write(bytes, at, [info.SegsOut, info.SegsIn, info.NotsentBytes, info.MinRtt, info.DataSegsIn, info.DataSegsOut]);
        at = Write(bytes, at, [info.DeliveryRate, info.BusyTime, info.RwndLimited, info.SndbufLimited]);
        at = Write(bytes, at, [info.Delivered, info.DeliveredCe]);
        at = Write(bytes, at, [info.BytesSent, info.BytesRetrans]);
        at = Write(bytes, at, [info.DsackDups, info.ReordSeen, info.RcvOoopack, info.SndWnd, info.RcvWnd, info.Rehash]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), info.TotalRto);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 2), info.TotalRtoRecoveries);
        at = Write(bytes, at + 4, [info.TotalRtoTime, info.ReceivedCe, info.DeliveredE1Bytes, info.DeliveredE0Bytes, info.DeliveredCeBytes]);
        at = Write(bytes, at, [info.ReceivedE1Bytes, info.ReceivedE0Bytes, info.ReceivedCeBytes]);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at), info.AccurateEcnFailMode);
        BinaryPrimitives.WriteUInt16LittleEndian(bytes.AsSpan(at + 2), info.AccurateEcnOptionSeen);
        return bytes;
    }

    private static int Write(byte[] bytes, int at, ReadOnlySpan<uint> values)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt32LittleEndian(bytes.AsSpan(at), value);
            at += 4;
        }

        return at;
    }

    private static int Write(byte[] bytes, int at, ReadOnlySpan<ulong> values)
    {
        foreach (var value in values)
        {
            BinaryPrimitives.WriteUInt64LittleEndian(bytes.AsSpan(at), value);
            at += 8;
        }

        return at;
    }
}
