package dev.serai.wire.cloudevents;

import dev.serai.wire.Characters;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.RecordHeader;
import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/** Reads CloudEvents whose attributes are headers. Names and values are UTF-8, without percent-encoding. Stateless. */
final class BinaryMode {
    static final String CONTENT_TYPE = "content-type";

    /** How the type's header is called in the bindings to other protocols, in lower case. */
    private static final Map<String, String> OTHER_BINDINGS =
            Map.of("ce-type", "HTTP", "cloudevents:type", "AMQP", "cloudevents_type", "AMQP");

    private BinaryMode() {}

    /** The record's content type; a blank one is none. */
    static Optional<MediaType> contentType(OriginalRecord original) {
        return original.headerText(CONTENT_TYPE).filter(text -> !text.isBlank()).map(MediaType::of);
    }

    /**
     * The CloudEvent that a record is by its headers: one that says its version, or has a type of this service. A
     * record with a {@code ce_id} alone is none. One with a type of this service as it is written over another protocol is one
     * that cannot be taken: an end must not be read as a start.
     */
    static Optional<CloudEvent> find(OriginalRecord original, Optional<MediaType> contentType) {
        if (original.headers().isEmpty()) {
            return Optional.empty();
        }
        boolean isOne = original.headerText(Attributes.PREFIX + Attributes.SPECVERSION)
                        .filter(text -> !text.isEmpty())
                        .isPresent()
                || original.headerText(Attributes.PREFIX + Attributes.TYPE)
                        .filter(BinaryMode::isKnown)
                        .isPresent();
        return isOne ? Optional.of(read(original, contentType)) : ofAnotherBinding(original);
    }

    private static boolean isKnown(String type) {
        return Arrays.stream(CloudEvent.Action.values()).anyMatch(known -> type.equals(known.type()));
    }

    private static Optional<CloudEvent> ofAnotherBinding(OriginalRecord original) {
        return original.headers().stream()
                .map(RecordHeader::name)
                .filter(name -> OTHER_BINDINGS.containsKey(name.toLowerCase(Locale.ROOT)))
                .filter(name ->
                        original.headerText(name).filter(BinaryMode::isKnown).isPresent())
                .findFirst()
                .map(name -> {
                    Attributes attributes = new Attributes(Mode.BINARY);
                    attributes.problem("header " + name + ": is of a CloudEvent over "
                            + OTHER_BINDINGS.get(name.toLowerCase(Locale.ROOT))
                            + ", expected ce_type and the other attributes likewise");
                    return Validation.cloudEvent(attributes, original.value(), "");
                });
    }

    private static CloudEvent read(OriginalRecord original, Optional<MediaType> contentType) {
        Attributes attributes = new Attributes(Mode.BINARY);
        for (String name : Attributes.KNOWN) {
            original.header(Attributes.PREFIX + name).ifPresent(value -> put(attributes, name, value));
        }
        checkContentType(attributes, contentType);
        return Validation.cloudEvent(attributes, original.value(), "");
    }

    private static void put(Attributes attributes, String name, byte[] value) {
        Characters.ofUtf8(value)
                .ifPresentOrElse(
                        text -> attributes.put(name, text), () -> attributes.wrong(name, "is not valid UTF-8"));
    }

    /** The header is the data's content type; some write the attribute's name with the prefix instead, and some write both. */
    private static void checkContentType(Attributes attributes, Optional<MediaType> contentType) {
        Optional<MediaType> prefixed =
                Optional.ofNullable(attributes.get(Attributes.DATACONTENTTYPE)).map(MediaType::of);
        if (prefixed.filter(MediaType::isJson).isEmpty()) {
            contentType
                    .or(() -> prefixed)
                    .ifPresent(type -> Validation.checkData(
                            attributes, contentType.isPresent() ? "header " + CONTENT_TYPE : place(), type));
        } else {
            Validation.checkData(attributes, place(), prefixed.get());
        }
    }

    private static String place() {
        return Mode.BINARY.place(Attributes.DATACONTENTTYPE);
    }
}
