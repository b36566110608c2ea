package dev.lanyard.telemetry;

import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.spi.MDCAdapter;

/**
 * The MDC that Logback reads: what was put, and around that the fields of the current context.
 *
 * <p>It must stand around the adapter that is there and not in its place: SLF4J goes on writing to
 * the one that it was started with, and what it writes would be lost to the lines.
 */
final class FieldsOverMdc implements MDCAdapter {
  private final MDCAdapter mdc;

  FieldsOverMdc(MDCAdapter mdc) {
    this.mdc = mdc;
  }

  @Override
  public @Nullable String get(String key) {
    String put = mdc.get(key);
    return put != null ? put : LogFields.installed().get(key);
  }

  @Override
  public Map<String, String> getCopyOfContextMap() {
    var all = new HashMap<String, String>();
    LogFields.installed().forEach(all::put);
    Map<String, String> put = mdc.getCopyOfContextMap();
    if (put != null) all.putAll(put);
    return all;
  }

  @Override
  public void put(String key, @Nullable String value) {
    mdc.put(key, value);
  }

  @Override
  public void remove(String key) {
    mdc.remove(key);
  }

  @Override
  public void clear() {
    mdc.clear();
  }

  @Override
  public void setContextMap(Map<String, String> contextMap) {
    mdc.setContextMap(contextMap);
  }

  @Override
  public void pushByKey(String key, String value) {
    mdc.pushByKey(key, value);
  }

  @Override
  public @Nullable String popByKey(String key) {
    return mdc.popByKey(key);
  }

  @Override
  public @Nullable Deque<String> getCopyOfDequeByKey(String key) {
    return mdc.getCopyOfDequeByKey(key);
  }

  @Override
  public void clearDequeByKey(String key) {
    mdc.clearDequeByKey(key);
  }
}
