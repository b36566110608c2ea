package dev.lanyard.examples.jdbc;

import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import org.jspecify.annotations.Nullable;

/** What the store holds, for Hibernate. */
@Entity(name = "item")
class Item {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  @Nullable Long id;

  String name = "";

  /** For Hibernate. */
  Item() {}

  Item(String name) {
    this.name = name;
  }
}
