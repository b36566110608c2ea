package dev.lanyard.examples.jdbc;

import static org.assertj.core.api.Assertions.assertThat;
import static org.jooq.impl.DSL.field;
import static org.jooq.impl.DSL.name;
import static org.jooq.impl.DSL.table;

import dev.lanyard.databases.Postgres;
import java.sql.Types;
import java.util.List;
import java.util.Objects;
import org.jooq.DSLContext;
import org.jooq.Field;
import org.jooq.Query;
import org.jooq.Record;
import org.jooq.SQLDialect;
import org.jooq.Table;
import org.jooq.exception.DataAccessException;
import org.jooq.impl.DSL;
import org.jooq.impl.SQLDataType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** jOOQ, its open-source edition. */
@ParameterizedClass
@EnumSource(Place.class)
class JooqTest {
  private static final Table<Record> ITEM = table(name("item"));
  private static final Field<Long> ID = field(name("id"), SQLDataType.BIGINT);
  private static final Field<String> NAME = field(name("name"), SQLDataType.CLOB);

  private final Store store;
  private final DSLContext dsl;

  JooqTest(Place place) throws Exception {
    store = new Store(place);
    dsl = DSL.using(store.dataSource(), SQLDialect.POSTGRES);
  }

  @AfterEach
  void close() {
    store.close();
  }

  private static Long insert(DSLContext dsl, String name) {
    return Objects.requireNonNull(
            dsl.insertInto(ITEM).columns(NAME).values(name).returning(ID).fetchOne())
        .get(ID);
  }

  private static Query insertion(DSLContext dsl, String name) {
    return dsl.insertInto(ITEM).columns(NAME).values(name);
  }

  @Test
  @DisplayName("Generated keys")
  void generatedKeys() throws Exception {
    assertThat(store.<Long>live(() -> insert(dsl, "nail"))).isEqualTo(1L);
    assertThat(store.endedInTheMiddle(() -> insert(dsl, "slow")))
        .isInstanceOf(DataAccessException.class);
    assertThat(store.names()).containsExactly("nail");
  }

  @Test
  @DisplayName("Batches")
  void batches() throws Exception {
    store.live(() -> dsl.batch(insertion(dsl, "nail"), insertion(dsl, "screw")).execute());
    store.endedInTheMiddle(() ->
        dsl.transactionResult(within ->
            within
                .dsl()
                .batch(insertion(within.dsl(), "bolt"), insertion(within.dsl(), "slow"))
                .execute()));
    assertThat(store.names()).containsExactly("nail", "screw");
  }

  @Test
  @DisplayName("Calls")
  void calls() throws Exception {
    assertThat(store.<String>live(() -> shout("nail"))).isEqualTo("NAIL");
    store.endedInTheMiddle(() -> shout("slow"));
  }

  private String shout(String word) {
    return Objects.requireNonNull(
        dsl.connectionResult(connection -> {
          try (var call = connection.prepareCall("{ ? = call shout(?) }")) {
            call.registerOutParameter(1, Types.VARCHAR);
            call.setString(2, word);
            call.execute();
            return call.getString(1);
          }
        }));
  }

  @Test
  @DisplayName("Streams of rows, ended while the next one is waited for")
  void streams() throws Exception {
    store.endedInTheMiddle(() ->
        dsl.transactionResult(within -> {
          try (var rows = within.dsl().resultQuery(Store.SLOW_ROWS).fetchSize(1).stream()) {
            return rows.toList();
          }
        }));
  }

  @Test
  @DisplayName("Transactions, nested ones too: what was ended in the middle has left nothing")
  void transactionsEnd() throws Exception {
    store.<Long>live(() -> dsl.transactionResult(within -> insert(within.dsl(), "nail")));
    store.endedInTheMiddle(() ->
        dsl.transactionResult(within -> {
          insert(within.dsl(), "screw");
          return within.dsl().transactionResult(inner -> insert(inner.dsl(), "slow"));
        }));
    assertThat(store.names()).isEqualTo(List.of("nail"));
  }

  @Test
  @DisplayName("unwrap leads to the driver")
  void unwrap() throws Exception {
    assertThat(
            store.<Integer>live(
                () -> Objects.requireNonNull(dsl.connectionResult(Postgres::backend))))
        .isPositive();
  }
}
