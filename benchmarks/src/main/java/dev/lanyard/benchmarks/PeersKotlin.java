package dev.lanyard.benchmarks;

import kotlin.Unit;
import kotlinx.coroutines.CompletableJob;
import kotlinx.coroutines.DisposableHandle;
import kotlinx.coroutines.Job;
import kotlinx.coroutines.JobKt;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.infra.Blackhole;

/** The job of Kotlin's coroutines, which always registers with its parent. */
@State(Scope.Thread)
public class PeersKotlin {
  CompletableJob parent = JobKt.Job(null);

  @Benchmark
  public Job kotlinWithCancel() {
    CompletableJob job = JobKt.Job(parent);
    job.cancel(null);
    return job;
  }

  @Benchmark
  public Job kotlinWithCancelOnDone(Blackhole hole) {
    CompletableJob job = JobKt.Job(parent);
    hole.consume(job.invokeOnCompletion(_ -> Unit.INSTANCE));
    job.cancel(null);
    return job;
  }

  @Benchmark
  public boolean kotlinDonePoll() {
    return !parent.isActive();
  }

  @Benchmark
  public DisposableHandle kotlinOnDoneStop() {
    DisposableHandle handle = parent.invokeOnCompletion(_ -> Unit.INSTANCE);
    handle.dispose();
    return handle;
  }
}
