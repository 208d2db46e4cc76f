namespace NetActors;

/// <summary>Whose behaviour is emulated where kernels differ (specification section 12).</summary>
public enum KernelVersion
{
    /// <summary>Linux 6.18, unless a rule names 6.8: the default.</summary>
    V6,

    /// <summary>Upstream Linux 3.10.</summary>
    V310,
}
