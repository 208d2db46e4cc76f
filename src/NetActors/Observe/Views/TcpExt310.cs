namespace NetActors.Observe;

/// <summary>The columns of <c>TcpExt:</c> in 3.10, in order; those the emulator does not count print 0.</summary>
internal static class TcpExt310
{
    /// <summary>The names.</summary>
    public static IReadOnlyList<string> Names { get; } =
    [
        "SyncookiesSent", "SyncookiesRecv", "SyncookiesFailed", "EmbryonicRsts", "PruneCalled", "RcvPruned", "OfoPruned",
        "OutOfWindowIcmps", "LockDroppedIcmps", "ArpFilter", "TW", "TWRecycled", "TWKilled", "PAWSPassive", "PAWSActive", "PAWSEstab",
        "DelayedACKs", "DelayedACKLocked", "DelayedACKLost", "ListenOverflows", "ListenDrops", "TCPPrequeued", "TCPDirectCopyFromBacklog",
        "TCPDirectCopyFromPrequeue", "TCPPrequeueDropped", "TCPHPHits", "TCPHPHitsToUser", "TCPPureAcks", "TCPHPAcks", "TCPRenoRecovery",
        "TCPSackRecovery", "TCPSACKReneging", "TCPFACKReorder", "TCPSACKReorder", "TCPRenoReorder", "TCPTSReorder", "TCPFullUndo",
        "TCPPartialUndo", "TCPDSACKUndo", "TCPLossUndo", "TCPLostRetransmit", "TCPRenoFailures", "TCPSackFailures", "TCPLossFailures",
        "TCPFastRetrans", "TCPForwardRetrans", "TCPSlowStartRetrans", "TCPTimeouts", "TCPLossProbes", "TCPLossProbeRecovery",
        "TCPRenoRecoveryFail", "TCPSackRecoveryFail", "TCPSchedulerFailed", "TCPRcvCollapsed", "TCPDSACKOldSent", "TCPDSACKOfoSent",
        "TCPDSACKRecv", "TCPDSACKOfoRecv", "TCPAbortOnData", "TCPAbortOnClose", "TCPAbortOnMemory", "TCPAbortOnTimeout",
        "TCPAbortOnLinger", "TCPAbortFailed", "TCPMemoryPressures", "TCPSACKDiscard", "TCPDSACKIgnoredOld", "TCPDSACKIgnoredNoUndo",
        "TCPSpuriousRTOs", "TCPMD5NotFound", "TCPMD5Unexpected", "TCPSackShifted", "TCPSackMerged", "TCPSackShiftFallback",
        "TCPBacklogDrop", "TCPMinTTLDrop", "TCPDeferAcceptDrop", "IPReversePathFilter", "TCPTimeWaitOverflow", "TCPReqQFullDoCookies",
        "TCPReqQFullDrop", "TCPRetransFail", "TCPRcvCoalesce", "TCPOFOQueue", "TCPOFODrop", "TCPOFOMerge", "TCPChallengeACK",
        "TCPSYNChallenge", "TCPFastOpenActive", "TCPFastOpenPassive", "TCPFastOpenPassiveFail", "TCPFastOpenListenOverflow",
        "TCPFastOpenCookieReqd", "TCPSpuriousRtxHostQueues",
    ];
}
