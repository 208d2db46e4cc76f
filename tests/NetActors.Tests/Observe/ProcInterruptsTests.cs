using NetActors.Observe;

namespace NetActors.Tests.Observe;

public class ProcInterruptsTests
{
    [Fact]
    public void V6_prints_the_controllers_number_and_the_rows_of_the_architecture() => Assert.Equal(
        """
                   CPU0       CPU1       
         38:          0       4129 PCI-MSIX-0000:00:03.0   1-edge      virtio2-input.0
         39:       3933          0  PCI-MSI   2-edge      eth0-TxRx-1
        NMI:          0          0   Non-maskable interrupts
        LOC:      55907      55908   Local timer interrupts
        SPU:          0          0   Spurious interrupts
        PMI:          0          0   Performance monitoring interrupts
        IWI:          0          0   IRQ work interrupts
        RTR:          0          0   APIC ICR read retries
        RES:       8858       8859   Rescheduling interrupts
        CAL:      40109      40110   Function call interrupts
        TLB:          0          0   TLB shootdowns
        TRM:          0          0   Thermal event interrupts
        ERR:          0
        MIS:          0

        """,
        Snapshots.Text(writer => ProcInterrupts.Write(writer, Snapshots.Host())));

    [Fact]
    public void V310_joins_chip_and_trigger() => Assert.Contains(
        "\n 39:       3933          0   PCI-MSI-edge      eth0-TxRx-1\n",
        Snapshots.Text(writer => ProcInterrupts.Write(writer, Snapshots.Host(), KernelVersion.V310)),
        StringComparison.Ordinal);
}
