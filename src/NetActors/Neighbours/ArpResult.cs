using NetActors.Headers;

namespace NetActors.Neighbours;

/// <summary>What a received ARP packet asks for.</summary>
/// <param name="SendReply">Send <see cref="ArpOutput.Reply"/>.</param>
/// <param name="ReplyTo">Link address of the asker.</param>
/// <param name="ReplySource">The address asked for: ours, in host order.</param>
/// <param name="ReplyTarget">The asker's address; 0 for one that probes whether an address is free (RFC 5227).</param>
/// <param name="Updated">The entry that changed; null when none did.</param>
/// <param name="Effects">What to do with its queue.</param>
public readonly record struct ArpResult(
    bool SendReply, MacAddress ReplyTo, uint ReplySource, uint ReplyTarget, Neighbour? Updated, NudEffects Effects);
