package dev.lanyard.examples.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.databases.Postgres;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.core.simple.SimpleJdbcCall;
import org.springframework.jdbc.support.GeneratedKeyHolder;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Spring's JdbcClient, and what stands around it. */
@ParameterizedClass
@EnumSource(Place.class)
class JdbcClientTest {
  private final Store store;
  private final JdbcTemplate template;
  private final JdbcClient client;
  private final TransactionTemplate transactions;

  JdbcClientTest(Place place) throws Exception {
    store = new Store(place);
    template = new JdbcTemplate(store.dataSource());
    client = JdbcClient.create(template);
    transactions = new TransactionTemplate(new JdbcTransactionManager(store.dataSource()));
  }

  @AfterEach
  void close() {
    store.close();
  }

  private int insert(String name, GeneratedKeyHolder keys) {
    return client
        .sql("insert into item (name) values (:name)")
        .param("name", name)
        .update(keys, "id");
  }

  @Test
  @DisplayName("Generated keys")
  void generatedKeys() throws Exception {
    var keys = new GeneratedKeyHolder();
    assertThat(store.<Integer>live(() -> insert("nail", keys))).isOne();
    assertThat(keys.getKey()).isEqualTo(1L);
    assertThat(store.endedInTheMiddle(() -> insert("slow", keys)))
        .isInstanceOf(DataAccessException.class);
    assertThat(store.names()).containsExactly("nail");
  }

  @Test
  @DisplayName("Batches")
  void batches() throws Exception {
    List<Object[]> names = List.of(new Object[] {"nail"}, new Object[] {"screw"});
    store.live(() -> template.batchUpdate("insert into item (name) values (?)", names));
    List<Object[]> slow = List.of(new Object[] {"bolt"}, new Object[] {"slow"});
    store.endedInTheMiddle(() ->
        transactions.execute(
            _ -> template.batchUpdate("insert into item (name) values (?)", slow)));
    assertThat(store.names()).containsExactly("nail", "screw");
  }

  @Test
  @DisplayName("Calls, with the metadata that they are looked up by")
  void calls() throws Exception {
    var shout = new SimpleJdbcCall(template).withFunctionName("shout");
    assertThat(store.live(() -> shout.executeFunction(String.class, Map.of("word", "nail"))))
        .isEqualTo("NAIL");
    store.endedInTheMiddle(() -> shout.executeFunction(String.class, Map.of("word", "slow")));
  }

  @Test
  @DisplayName("Streams of rows, ended while the next one is waited for")
  void streams() throws Exception {
    template.setFetchSize(1);
    store.endedInTheMiddle(() ->
        transactions.execute(_ -> {
          try (var rows = client.sql(Store.SLOW_ROWS).query(String.class).stream()) {
            return rows.toList();
          }
        }));
  }

  @Test
  @DisplayName("Transactions: what was ended in the middle has left nothing")
  void transactionsEnd() throws Exception {
    store.<Object>live(() -> transactions.execute(_ -> insert("nail", new GeneratedKeyHolder())));
    store.endedInTheMiddle(() ->
        transactions.execute(_ -> {
          insert("screw", new GeneratedKeyHolder());
          return client.sql("select shout('slow')").query(String.class).single();
        }));
    assertThat(store.names()).containsExactly("nail");
  }

  @Test
  @DisplayName("unwrap leads to the driver")
  void unwrap() throws Exception {
    assertThat(
            Objects.requireNonNull(
                store.<Integer>live(
                    () -> Objects.requireNonNull(template.execute(Postgres::backend)))))
        .isPositive();
  }
}
