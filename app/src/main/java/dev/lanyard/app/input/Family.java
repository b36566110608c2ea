package dev.lanyard.app.input;

import dev.lanyard.tasks.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The tasks of a file and how they refer to each other. */
final class Family {
  private static final Pattern ID = Pattern.compile("[A-Za-z0-9._:-]{1,64}");
  private static final Pattern NO_ID = Pattern.compile("[^a-z0-9]+");
  private static final int LONGEST_DERIVED_ID = 48;
  private static final int NONE = -1;

  private final List<Draft> drafts;
  private final boolean complete;
  private final boolean stored;
  private final Problems problems;
  private final Map<String, Integer> byId = new HashMap<>();
  private final Map<String, Integer> byName = new HashMap<>();
  private final Set<String> ambiguous = new HashSet<>();

  /**
   * {@code complete} is false if there may be tasks that a syntax error hides; {@code stored} is
   * true where there are tasks already that these may refer to, and names that they may share.
   */
  Family(List<Draft> drafts, boolean complete, boolean stored, Problems problems) {
    this.drafts = drafts;
    this.complete = complete;
    this.stored = stored;
    this.problems = problems;
  }

  List<Order> orders() {
    for (int i = 0; i < drafts.size(); i++) register(i);
    int[] parents = parents();
    reportCycles(parents);
    return problems.none() ? ordered(parents) : List.of();
  }

  private void register(int index) {
    Draft draft = drafts.get(index);
    String id = draft.id();
    if (id != null && !isId(id)) {
      Node found = draft.section().node("id");
      if (found != null) {
        draft
            .section()
            .wrong("id", found, "1 to 64 letters, digits and any of . _ : - without spaces");
      }
    }
    if (id != null) unique("id", id, byId, index);
    String name = draft.name();
    if (name == null) return;
    if (!stored) unique("name", name, byName, index);
    else if (byName.putIfAbsent(name, index) != null) ambiguous.add(name);
  }

  private void unique(String key, String value, Map<String, Integer> known, int index) {
    Integer first = known.putIfAbsent(value, index);
    if (first == null) return;
    problems.add(
        drafts.get(index).section().placeOf(key),
        Section.quoted(key)
            + ": expected another one, found "
            + Section.quoted(value)
            + ", which the task on line "
            + drafts.get(first).section().place().line()
            + " has");
  }

  /** For each task the index of its parent, or {@link #NONE}. */
  private int[] parents() {
    int[] parents = new int[drafts.size()];
    for (int i = 0; i < parents.length; i++) {
      String parent = drafts.get(i).parent();
      parents[i] = parent == null ? NONE : find(parent);
      if (parent == null) continue;
      if (parents[i] == NONE) {
        if (complete && !(stored && isId(parent))) reportUnknown(drafts.get(i), parent);
      } else if (ambiguous.contains(parent) && !byId.containsKey(parent)) {
        reportAmbiguous(drafts.get(i));
      }
    }
    return parents;
  }

  private static boolean isId(String text) {
    return ID.matcher(text).matches();
  }

  private static void reportAmbiguous(Draft draft) {
    Node found = draft.section().node("parent");
    if (found == null) return;
    draft.section().wrong("parent", found, "an id, since several tasks here have this name");
  }

  private int find(String idOrName) {
    Integer index = byId.get(idOrName);
    if (index == null) index = byName.get(idOrName);
    return index == null ? NONE : index;
  }

  private void reportUnknown(Draft draft, String parent) {
    Set<String> known = new HashSet<>(byId.keySet());
    known.addAll(byName.keySet());
    // A guess among very many names would take longer than to look for oneself.
    String nearest = known.size() <= 10_000 ? Nearest.to(parent, known) : null;
    Node found = draft.section().node("parent");
    if (found == null) return;
    draft
        .section()
        .wrong(
            "parent",
            found,
            (stored ? "the id of a task" : "the id or name of a task in this file")
                + (nearest == null ? "" : " (did you mean " + Section.quoted(nearest) + "?)"));
  }

  /** Walks from each task upwards, marking the way; meeting one's own mark is a cycle. */
  private void reportCycles(int[] parents) {
    int[] marks = new int[parents.length];
    for (int start = 0; start < parents.length; start++) {
      int at = start;
      while (at != NONE && marks[at] == 0) {
        marks[at] = start + 1;
        at = parents[at];
      }
      if (at != NONE && marks[at] == start + 1) reportCycle(at, parents);
    }
  }

  private void reportCycle(int start, int[] parents) {
    StringBuilder way = new StringBuilder(label(start));
    int shown = 0;
    for (int at = parents[start]; at != start && shown < 8; at = parents[at], shown++) {
      way.append(" → ").append(label(at));
    }
    way.append(shown == 8 ? " → …" : " → " + label(start));
    problems.add(
        drafts.get(start).section().placeOf("parent"),
        "\"parent\": expected no circle, found " + way);
  }

  private String label(int index) {
    Draft draft = drafts.get(index);
    return Visible.excerpt(draft.name() != null ? draft.name() : String.valueOf(draft.id()));
  }

  private List<Order> ordered(int[] parents) {
    String[] ids = ids();
    List<Order> ordered = new ArrayList<>(ids.length);
    boolean[] placed = new boolean[ids.length];
    List<Integer> way = new ArrayList<>();
    for (int i = 0; i < ids.length; i++) {
      for (int at = i; at != NONE && !placed[at]; at = parents[at]) way.add(at);
      for (int at : way.reversed()) {
        placed[at] = true;
        ordered.add(new Order(task(at, ids, parents), drafts.get(at).terms()));
      }
      way.clear();
    }
    return ordered;
  }

  private Task task(int index, String[] ids, int[] parents) {
    Task task = drafts.get(index).task();
    if (task == null) throw new AssertionError("a task without a problem was not made");
    // A parent that is not here is one of the store: otherwise there was a problem.
    @Nullable String parent =
        parents[index] == NONE ? drafts.get(index).parent() : ids[parents[index]];
    return task.withId(ids[index]).withParent(parent);
  }

  /**
   * Given ids are kept. The others are made of the names, so that they stay the same each time; in
   * a store they must differ each time.
   */
  private String[] ids() {
    String[] ids = new String[drafts.size()];
    Arrays.setAll(ids, i -> drafts.get(i).id());
    Set<String> taken = new HashSet<>(byId.keySet());
    for (int i = 0; i < ids.length; i++) {
      if (ids[i] != null) continue;
      Task task = drafts.get(i).task();
      if (stored && task != null) {
        ids[i] = task.id();
        continue;
      }
      String derived = derived(String.valueOf(drafts.get(i).name()), i);
      String id = derived;
      for (int n = 2; !taken.add(id); n++) id = derived + "-" + n;
      ids[i] = id;
    }
    return ids;
  }

  private static String derived(String name, int index) {
    String id = NO_ID.matcher(name.toLowerCase(Locale.ROOT)).replaceAll("-");
    if (id.length() > LONGEST_DERIVED_ID) id = id.substring(0, LONGEST_DERIVED_ID);
    int from = id.startsWith("-") ? 1 : 0;
    int to = id.endsWith("-") && id.length() > 1 ? id.length() - 1 : id.length();
    id = id.substring(from, Math.max(from, to));
    return id.isEmpty() ? "task-" + (index + 1) : id;
  }
}
