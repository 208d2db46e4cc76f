using BenchmarkDotNet.Running;
using NetActors.Benchmarks;

if (args is ["fuzz", .. var rest]) return FuzzTarget.Run(rest);
if (args is ["rate", .. var what]) return RateTarget.Run(what);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
