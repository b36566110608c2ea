package dev.lanyard.examples.jdbc;

import static org.assertj.core.api.Assertions.assertThat;

import dev.lanyard.databases.Postgres;
import jakarta.persistence.ParameterMode;
import jakarta.persistence.PersistenceException;
import org.hibernate.Session;
import org.hibernate.SessionFactory;
import org.hibernate.cfg.BatchSettings;
import org.hibernate.cfg.Configuration;
import org.hibernate.cfg.JdbcSettings;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.DisplayName;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedClass;
import org.junit.jupiter.params.provider.EnumSource;

/** Hibernate ORM. It is under the LGPL, and nothing but this test uses it. */
@ParameterizedClass
@EnumSource(Place.class)
class HibernateTest {
  private final Store store;
  private final SessionFactory sessions;

  HibernateTest(Place place) throws Exception {
    store = new Store(place);
    var configuration = new Configuration().addAnnotatedClass(Item.class);
    configuration.getProperties().put(JdbcSettings.JAKARTA_NON_JTA_DATASOURCE, store.dataSource());
    configuration.setProperty(BatchSettings.STATEMENT_BATCH_SIZE, "10");
    sessions = configuration.buildSessionFactory();
  }

  @AfterEach
  void close() {
    sessions.close();
    store.close();
  }

  private static Item persist(Session session, String name) {
    var item = new Item(name);
    session.persist(item);
    return item;
  }

  @Test
  @DisplayName("Generated keys")
  void generatedKeys() throws Exception {
    Item nail = store.live(() -> sessions.fromTransaction(session -> persist(session, "nail")));
    assertThat(nail.id).isEqualTo(1L);
    assertThat(
            store.endedInTheMiddle(
                () -> sessions.fromTransaction(session -> persist(session, "slow"))))
        .isInstanceOf(PersistenceException.class);
    assertThat(store.names()).containsExactly("nail");
  }

  @Test
  @DisplayName("Batches, here of updates")
  void batches() throws Exception {
    store.live(() ->
        sessions.fromTransaction(session -> {
          persist(session, "nail");
          return persist(session, "screw");
        }));
    store.endedInTheMiddle(() ->
        sessions.fromTransaction(session -> {
          session.find(Item.class, 1L).name = "bolt";
          session.find(Item.class, 2L).name = "slow";
          session.flush();
          return "both were written";
        }));
    assertThat(store.names()).containsExactly("nail", "screw");
  }

  @Test
  @DisplayName("Calls")
  void calls() throws Exception {
    assertThat(store.<Object>live(() -> shout("nail"))).isEqualTo("NAIL");
    store.endedInTheMiddle(() -> shout("slow"));
  }

  private Object shout(String word) {
    return sessions.fromTransaction(session -> {
      try (var call = session.createStoredProcedureCall("shout")) {
        call.markAsFunctionCall(String.class);
        call.registerParameter(1, String.class, ParameterMode.IN);
        call.setParameter(1, word);
        return call.getSingleResult();
      }
    });
  }

  @Test
  @DisplayName("Streams of rows, ended while the next one is waited for")
  void streams() throws Exception {
    store.endedInTheMiddle(() ->
        sessions.fromTransaction(session -> {
          var query = session.createNativeQuery(Store.SLOW_ROWS, String.class);
          try (var rows = query.setFetchSize(1).getResultStream()) {
            return rows.toList();
          }
        }));
  }

  @Test
  @DisplayName("Transactions: what was ended in the middle has left nothing")
  void transactionsEnd() throws Exception {
    store.live(() -> sessions.fromTransaction(session -> persist(session, "nail")));
    store.endedInTheMiddle(() ->
        sessions.fromTransaction(session -> {
          persist(session, "screw");
          return persist(session, "slow");
        }));
    assertThat(store.names()).containsExactly("nail");
  }

  @Test
  @DisplayName("unwrap leads to the driver")
  void unwrap() throws Exception {
    assertThat(
            store.<Integer>live(
                () -> sessions.fromSession(session -> session.doReturningWork(Postgres::backend))))
        .isPositive();
  }
}
