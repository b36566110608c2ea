package dev.lanyard.app.input;

import dev.lanyard.tasks.Retry;
import dev.lanyard.tasks.Task;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Makes tasks of a task file. All that is wrong is collected, so that one look at the messages is
 * enough to mend the file.
 */
public final class TaskFile {
  private static final Set<String> FILE_KEYS = Set.of("defaults", "tasks");
  private static final Set<String> DEFAULT_KEYS = Set.of("timeout", "retries", "priority");
  private static final Set<String> TASK_KEYS =
      Set.of(
          "id",
          "name",
          "priority",
          "timeout",
          "retries",
          "parent",
          "critical",
          "sleep",
          "exec",
          "http");
  private static final Set<String> ORDER_KEYS = union(TASK_KEYS, Set.of("at", "delay", "unique"));
  private static final Set<String> RETRY_KEYS = Set.of("attempts", "base", "cap");

  /** What a store has room for. */
  private static final int LONGEST_NAME = 200;

  private static final String A_TASK = "a task: a mapping with a name and one of sleep, exec, http";

  private final Duration maxTimeout;
  private final Problems problems;
  private final Payloads payloads;
  private final boolean stored;
  private Duration timeout;
  private Retry retry = Retry.none();
  private int priority = Task.DEFAULT_PRIORITY;

  private TaskFile(Duration maxTimeout, Problems problems, boolean stored) {
    this.maxTimeout = maxTimeout;
    this.stored = stored;
    this.problems = problems;
    this.payloads = new Payloads(problems);
    this.timeout =
        maxTimeout.compareTo(Task.DEFAULT_TIMEOUT) < 0 ? maxTimeout : Task.DEFAULT_TIMEOUT;
  }

  /**
   * The tasks in the order of the file, except that a parent comes before its children.
   *
   * @return of no use if there were problems
   */
  public static List<Task> read(Source source, Duration maxTimeout, Problems problems) {
    Node root = Document.read(source, "tasks", problems);
    if (root == null) return List.of();
    return new TaskFile(maxTimeout, problems, false)
        .orders(root).stream().map(Order::task).toList();
  }

  /**
   * As {@link #read}, for a store: a task may stand alone, may wait for a moment and may be unique.
   * One without an id gets a new one, names need not differ, and a parent may be a task of the
   * store.
   */
  public static List<Order> orders(Node root, Duration maxTimeout, Problems problems) {
    TaskFile file = new TaskFile(maxTimeout, problems, true);
    boolean alone =
        root instanceof Node.Mapping mapping
            && mapping.entries().stream().noneMatch(entry -> FILE_KEYS.contains(entry.key()))
            && !mapping.entries().isEmpty();
    return alone
        ? file.orders(new Node.Listing(root.place(), List.of(root), true))
        : file.orders(root);
  }

  private static Set<String> union(Set<String> some, Set<String> others) {
    Set<String> all = new HashSet<>(some);
    all.addAll(others);
    return Set.copyOf(all);
  }

  private List<Order> orders(Node root) {
    switch (root) {
      case Node.Listing listing -> {
        return orders(listing);
      }
      case Node.Mapping mapping -> {
        Section file = new Section(mapping, "a task file", FILE_KEYS, problems);
        defaults(file);
        Node tasks = file.node("tasks");
        if (tasks instanceof Node.Listing listing) return orders(listing);
        if (tasks != null) file.wrong("tasks", tasks, "a list of tasks");
        else if (file.complete()) problems.add(file.place(), "expected \"tasks\", found none");
      }
      case Node.Scalar scalar ->
          problems.add(
              scalar.place(),
              "expected \"tasks\" with a list, or a list of tasks, found " + scalar.described());
    }
    return List.of();
  }

  private void defaults(Section file) {
    Node node = file.node("defaults");
    if (node == null) return;
    if (!(node instanceof Node.Mapping mapping)) {
      file.wrong("defaults", node, "a mapping");
      return;
    }
    Section defaults = new Section(mapping, "the defaults", DEFAULT_KEYS, problems);
    timeout = timeout(defaults);
    retry = retry(defaults);
    priority = priority(defaults);
  }

  private List<Order> orders(Node.Listing listing) {
    if (listing.items().isEmpty() && listing.complete()) {
      problems.add(listing.place(), "expected at least one task, found an empty list");
    }
    List<Draft> drafts = new ArrayList<>(listing.items().size());
    for (Node item : listing.items()) {
      if (item instanceof Node.Mapping mapping) drafts.add(draft(mapping));
      else problems.add(item.place(), "expected " + A_TASK + ", found " + item.described());
    }
    return new Family(drafts, listing.complete(), stored, problems).orders();
  }

  private Draft draft(Node.Mapping mapping) {
    Section section = new Section(mapping, "a task", stored ? ORDER_KEYS : TASK_KEYS, problems);
    String name = section.text("name");
    if (!section.has("name") && section.complete()) {
      problems.add(section.place(), "expected a \"name\" for this task, found none");
    }
    Node nameNode = section.node("name");
    if (stored && name != null && nameNode != null && name.length() > LONGEST_NAME) {
      section.wrong("name", nameNode, "at most " + LONGEST_NAME + " letters");
      name = null;
    }
    int taskPriority = priority(section);
    Duration taskTimeout = timeout(section);
    Retry taskRetry = retry(section);
    Boolean critical = section.flag("critical");
    Payloads.Work work = payloads.of(section);
    Task task = null;
    if (name != null && work != null) {
      task =
          Task.of(name, work.kind(), work.payload())
              .withPriority(taskPriority)
              .withTimeout(taskTimeout)
              .withRetry(taskRetry)
              .withCritical(Boolean.TRUE.equals(critical));
    }
    Order.Terms terms = stored ? OrderSection.read(section) : Order.Terms.NONE;
    return new Draft(section, name, section.text("id"), section.text("parent"), task, terms);
  }

  private int priority(Section section) {
    Integer value =
        section.wholeNumber("priority", 1, stored ? Short.MAX_VALUE : Integer.MAX_VALUE);
    return value == null ? priority : value;
  }

  private Duration timeout(Section section) {
    Duration value = section.positiveDuration("timeout");
    Node node = section.node("timeout");
    if (value == null || node == null) return timeout;
    if (value.compareTo(maxTimeout) <= 0) return value;
    String found = ((Node.Scalar) node).text();
    problems.add(
        node.place(),
        "\"timeout\": expected at most "
            + Durations.exact(maxTimeout)
            + ", found "
            + found
            + ": the limit can be raised with --max-timeout "
            + found);
    return timeout;
  }

  private Retry retry(Section section) {
    Node node = section.node("retries");
    if (node == null) return retry;
    if (!(node instanceof Node.Mapping mapping)) {
      if (!(node instanceof Node.Scalar scalar) || scalar.kind() != Node.Kind.NUMBER) {
        section.wrong("retries", node, "a whole number, or a mapping with attempts, base and cap");
        return retry;
      }
      Integer again = section.wholeNumber("retries", 0, 1_000_000);
      return again == null ? retry : Retry.attempts(again + 1);
    }
    Section retries = new Section(mapping, "retries", RETRY_KEYS, problems);
    Integer attempts = retries.wholeNumber("attempts", 1, 1_000_000);
    Duration base = retries.duration("base");
    Duration cap = retries.duration("cap");
    if (!retries.has("attempts") && retries.complete()) {
      problems.add(retries.place(), "\"retries\": expected \"attempts\", found none");
    }
    if (attempts == null
        || (base == null && retries.has("base"))
        || (cap == null && retries.has("cap"))) {
      return retry;
    }
    return retry(retries, attempts, base, cap);
  }

  private Retry retry(
      Section retries, int attempts, @Nullable Duration base, @Nullable Duration cap) {
    Retry usual = Retry.attempts(attempts);
    Duration first = base != null ? base : least(usual.base(), cap);
    Duration longest = cap != null ? cap : most(usual.cap(), base);
    Node capNode = retries.node("cap");
    if (longest.compareTo(first) < 0 && capNode != null) {
      retries.wrong("cap", capNode, "no less than \"base\", which is " + Durations.exact(first));
      return retry;
    }
    return new Retry(attempts, first, longest);
  }

  private static Duration least(Duration a, @Nullable Duration b) {
    return b != null && b.compareTo(a) < 0 ? b : a;
  }

  private static Duration most(Duration a, @Nullable Duration b) {
    return b != null && b.compareTo(a) > 0 ? b : a;
  }
}
