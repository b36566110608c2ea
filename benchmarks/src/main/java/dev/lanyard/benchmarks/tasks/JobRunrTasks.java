package dev.lanyard.benchmarks.tasks;

import com.zaxxer.hikari.HikariDataSource;
import java.time.Duration;
import org.jobrunr.configuration.JobRunr;
import org.jobrunr.jobs.lambdas.JobRequest;
import org.jobrunr.jobs.lambdas.JobRequestHandler;
import org.jobrunr.jobs.states.StateName;
import org.jobrunr.scheduling.JobRequestScheduler;
import org.jobrunr.server.BackgroundJobServerConfiguration;
import org.jobrunr.storage.StorageProvider;
import org.jobrunr.storage.sql.common.SqlStorageProviderFactory;

/**
 * JobRunr with requests, which cost it less than lambdas. It looks every five seconds, which is the
 * least that it allows for SQL, but fetches more whenever its workers run dry; its first look comes
 * a second after its start, which is immediately before the clock starts.
 */
record JobRunrTasks(HikariDataSource pool, StorageProvider storage, JobRequestScheduler scheduler)
    implements Contender {
  static final Duration POLL = Duration.ofSeconds(5);

  /** A request; public, with what its JSON mapper wants. */
  public static final class Nothing implements JobRequest {
    private static final long serialVersionUID = 1;

    @Override
    public Class<NothingHandler> getJobRequestHandler() {
      return NothingHandler.class;
    }
  }

  /** Made by JobRunr. */
  public static final class NothingHandler implements JobRequestHandler<Nothing> {
    @Override
    public void run(Nothing request) {
      Bodies.run();
    }
  }

  static Contender open(Place place) {
    HikariDataSource pool = place.pool();
    StorageProvider storage = SqlStorageProviderFactory.using(pool);
    var scheduler =
        JobRunr.configure()
            .useStorageProvider(storage)
            .useBackgroundJobServer(
                BackgroundJobServerConfiguration.usingStandardBackgroundJobServerConfiguration()
                    .andPollInterval(POLL)
                    .andWorkerCount(SubmitAndRun.SLOTS))
            .initialize()
            .getJobRequestScheduler();
    return new JobRunrTasks(pool, storage, scheduler);
  }

  @Override
  public void submit() {
    scheduler.enqueue(new Nothing());
  }

  @Override
  public boolean ended(int tasks) {
    return storage.countJobs(StateName.SUCCEEDED) == tasks;
  }

  @Override
  public void close() {
    JobRunr.destroy();
    pool.close();
  }
}
