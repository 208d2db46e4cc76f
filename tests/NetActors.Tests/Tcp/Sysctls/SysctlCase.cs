using NetActors.Tcp;

namespace NetActors.Tests.Tcp.Sysctls;

/// <summary>One setting: what is seen with the settings of <see cref="TcpSysctlEffectTests.Host"/>, and with another value.</summary>
/// <param name="Name">Its name below net.ipv4, or its full name.</param>
/// <param name="Value">The other value.</param>
/// <param name="Before">What is seen without.</param>
/// <param name="After">What is seen with it.</param>
/// <param name="Observe">Looks, at connections and listeners that are made from the host's settings.</param>
internal sealed record SysctlCase(string Name, string Value, string Before, string After, Func<TcpHost, object> Observe)
{
    public string FullName => Name.StartsWith("net.", StringComparison.Ordinal) ? Name : "net.ipv4." + Name;
}
