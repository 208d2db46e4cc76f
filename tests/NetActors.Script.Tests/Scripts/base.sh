#!/bin/sh
# The settings every script here begins with.
ip tcp_metrics flush all >/dev/null 2>&1
for s in tcp_timestamps=0 tcp_sack=1 tcp_dsack=1 tcp_window_scaling=1 tcp_ecn=0 tcp_fastopen=0 \
  tcp_syncookies=1 tcp_syn_retries=6 tcp_synack_retries=5 tcp_syn_linear_timeouts=4 \
  tcp_slow_start_after_idle=0 tcp_recovery=1 tcp_early_retrans=3 tcp_congestion_control=reno \
  tcp_max_syn_backlog=256 tcp_abort_on_overflow=0 tcp_fin_timeout=60; do
  sysctl -q -w "net.ipv4.$s" || exit 1
done
sysctl -q -w "net.ipv4.tcp_rmem=4096 131072 6291456" && sysctl -q -w "net.ipv4.tcp_wmem=4096 16384 4194304"
