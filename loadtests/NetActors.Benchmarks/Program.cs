using BenchmarkDotNet.Running;
using NetActors.Benchmarks;

if (args is ["fuzz", .. var rest]) return FuzzTarget.Run(rest);
BenchmarkSwitcher.FromAssembly(typeof(Program).Assembly).Run(args);
return 0;
