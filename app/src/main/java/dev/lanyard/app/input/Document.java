package dev.lanyard.app.input;

import java.io.StringReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/**
 * Reads text into {@link Node}s. A syntax error is one problem among others: what stands before it
 * is kept, so that the mistakes in there can be reported in the same run.
 */
public final class Document {
  /** A task file needs six. */
  private static final int DEEPEST = 64;

  private final JsonParser parser;
  private final Source.Format format;
  private final Problems problems;
  private final Map<String, Node> anchors = new HashMap<>();
  private boolean broken;

  private Document(JsonParser parser, Source.Format format, Problems problems) {
    this.parser = parser;
    this.format = format;
    this.problems = problems;
  }

  /**
   * The one document in the source.
   *
   * @param wanted what it should hold, for the message that it is empty
   * @return null when there is none, or none of it could be read; at least one problem says why
   */
  public static @Nullable Node read(Source source, String wanted, Problems problems) {
    return switch (source.format()) {
      case JSON -> json(source, problems).read(wanted);
      case YAML -> yaml(source, problems).read(wanted);
      case EITHER -> readEither(source, wanted, problems);
    };
  }

  /** What begins like JSON and is none may be YAML; if it is neither, it was meant as JSON. */
  private static @Nullable Node readEither(Source source, String wanted, Problems problems) {
    String start = source.text().stripLeading();
    if (!start.startsWith("{") && !start.startsWith("["))
      return yaml(source, problems).read(wanted);
    Problems asYaml = new Problems(source.name());
    Problems asJson = new Problems(source.name());
    Node node = json(source, asJson).read(wanted);
    if (asJson.none()) return node;
    Node other = yaml(source, asYaml).read(wanted);
    boolean either = asYaml.none();
    problems.addAll(either ? asYaml : asJson);
    return either ? other : node;
  }

  private static Document json(Source source, Problems problems) {
    JsonParser parser =
        new JsonFactory().createParser(ObjectReadContext.empty(), new StringReader(source.text()));
    return new Document(parser, Source.Format.JSON, problems);
  }

  private static Document yaml(Source source, Problems problems) {
    return new Document(Yaml.parser(new StringReader(source.text())), Source.Format.YAML, problems);
  }

  private @Nullable Node read(String wanted) {
    if (next() == null) {
      if (!broken) problems.add(Place.START, "expected " + wanted + ", found an empty file");
      return null;
    }
    Node root = value(0);
    if (!broken && next() != null) {
      problems.add(here(), "expected the end of the file, found a second document");
    }
    return root;
  }

  private @Nullable JsonToken next() {
    if (broken) return null;
    try {
      return parser.nextToken();
    } catch (JacksonException e) {
      broken = true;
      Yaml.Mistake mistake = format == Source.Format.YAML ? Yaml.mistake(e) : null;
      Place place = mistake != null ? mistake.place() : place(e);
      String message = mistake != null ? mistake.message() : e.getOriginalMessage();
      problems.add(place, "not valid " + format + ": " + Visible.of(message));
      return null;
    }
  }

  /** The value whose first token is the parser's current one; null if a syntax error cut it off. */
  private @Nullable Node value(int depth) {
    JsonToken token = parser.currentToken();
    Place place = here();
    if (depth > DEEPEST) {
      broken = true;
      problems.add(place, "nested more than " + DEEPEST + " levels deep");
      return null;
    }
    Object anchor = parser.getObjectId();
    Node node =
        switch (token) {
          case START_OBJECT -> mapping(place, depth);
          case START_ARRAY -> listing(place, depth);
          case VALUE_TRUE, VALUE_FALSE -> scalar(place, Node.Kind.FLAG);
          case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> scalar(place, Node.Kind.NUMBER);
          case VALUE_NULL -> scalar(place, Node.Kind.NOTHING);
          default -> isAlias() ? alias(place) : scalar(place, Node.Kind.TEXT);
        };
    if (anchor instanceof String name) anchors.put(name, node);
    return node;
  }

  private boolean isAlias() {
    return format == Source.Format.YAML && Yaml.isAlias(parser);
  }

  private Node mapping(Place place, int depth) {
    List<Node.Entry> entries = new ArrayList<>();
    JsonToken token;
    while ((token = next()) == JsonToken.PROPERTY_NAME) {
      Place keyPlace = here();
      String key = parser.currentName();
      if (next() == null) break;
      Node value = value(depth + 1);
      if (value == null) break;
      entries.add(new Node.Entry(keyPlace, key, value));
    }
    return new Node.Mapping(place, entries, token == JsonToken.END_OBJECT);
  }

  private Node listing(Place place, int depth) {
    List<Node> items = new ArrayList<>();
    JsonToken token;
    while ((token = next()) != null && token != JsonToken.END_ARRAY) {
      Node item = value(depth + 1);
      if (item == null) break;
      items.add(item);
    }
    return new Node.Listing(place, items, token == JsonToken.END_ARRAY && !broken);
  }

  private Node scalar(Place place, Node.Kind kind) {
    return new Node.Scalar(place, kind, parser.getString());
  }

  /** An alias stands for the very node: nothing is copied, so that many cannot fill the memory. */
  private Node alias(Place place) {
    String name = parser.getString();
    Node target = anchors.get(name);
    if (target != null) return target;
    problems.add(
        place, "expected an anchor &" + Visible.of(name) + " before this alias, found none");
    return new Node.Scalar(place, Node.Kind.NOTHING, "");
  }

  private Place here() {
    return place(parser.currentTokenLocation());
  }

  /** What is too long for the parser, such as a number of a thousand digits, has no place of its own. */
  private Place place(JacksonException e) {
    TokenStreamLocation location = e.getLocation();
    return place(location != null ? location : parser.currentLocation());
  }

  private static Place place(TokenStreamLocation location) {
    return new Place(Math.max(1, location.getLineNr()), Math.max(1, location.getColumnNr()));
  }
}
