#!/bin/sh
# Saves what `netactors import-host` reads of a host: settings and counters of its network cards, interrupts, CPUs and sysctls.
# It changes nothing and reads no traffic, but addresses and names of interfaces are in it: look through DIR before you give it away.
#
#     sh collect.sh DIR [INTERFACE...]      all interfaces with queues but lo unless named
set -u
if [ $# -lt 1 ] || [ "$1" = --help ]; then
    sed -n '2,5s/^# \{0,1\}//p' "$0"
    exit 2
fi
dir=$1
shift
mkdir -p "$dir" || exit 1

# keep NAME COMMAND...: the output in a file; what fails leaves its message in NAME.failed
keep() {
    name=$dir/$1
    shift
    if "$@" > "$name" 2> "$name.failed"; then rm -f "$name.failed"; else rm -f "$name"; fi
}

keep uname uname -r
keep lscpu.json lscpu -J
keep sysctl sysctl -a
keep interrupts cat /proc/interrupts
keep softnet_stat cat /proc/net/softnet_stat
: > "$dir/smp_affinity_list"
for irq in /proc/irq/[0-9]*; do
    [ -r "$irq/smp_affinity_list" ] && echo "${irq##*/} $(cat "$irq/smp_affinity_list")" >> "$dir/smp_affinity_list"
done

if [ $# -eq 0 ]; then
    for path in /sys/class/net/*; do
        [ -d "$path/queues/rx-0" ] && [ "${path##*/}" != lo ] && set -- "$@" "${path##*/}"
    done
fi
for dev in "$@"; do
    sys=/sys/class/net/$dev
    keep "$dev.ip" ip -o -4 addr show dev "$dev"
    keep "$dev.link" cat "$sys/mtu" "$sys/address"
    keep "$dev.ethtool" ethtool "$dev"
    keep "$dev.ethtool-i" ethtool -i "$dev"
    keep "$dev.ethtool-l" ethtool -l "$dev"
    keep "$dev.ethtool-x" ethtool -x "$dev"
    keep "$dev.ethtool-c" ethtool -c "$dev"
    keep "$dev.ethtool-g" ethtool -g "$dev"
    keep "$dev.ethtool-k" ethtool -k "$dev"
    keep "$dev.ethtool-a" ethtool -a "$dev"
    keep "$dev.ethtool-n" ethtool -n "$dev"
    keep "$dev.ethtool-n-tcp4" ethtool -n "$dev" rx-flow-hash tcp4
    keep "$dev.ethtool-n-udp4" ethtool -n "$dev" rx-flow-hash udp4
    keep "$dev.msi_irqs" ls "$sys/device/msi_irqs"
    # a line for each setting: rx-0 rps_cpus 0f
    : > "$dir/$dev.queues"
    for queue in "$sys"/queues/*; do
        for file in rps_cpus rps_flow_cnt xps_cpus xps_rxqs byte_queue_limits/limit_min byte_queue_limits/limit_max byte_queue_limits/hold_time; do
            value=$(cat "$queue/$file" 2> /dev/null) && echo "${queue##*/} $file $value" >> "$dir/$dev.queues"
        done
    done
    : > "$dir/$dev.napi"
    for file in gro_flush_timeout napi_defer_hard_irqs threaded tx_queue_len; do
        value=$(cat "$sys/$file" 2> /dev/null) && echo "$file $value" >> "$dir/$dev.napi"
    done
done
echo "saved in $dir; now: netactors import-host $dir > host.yaml"
