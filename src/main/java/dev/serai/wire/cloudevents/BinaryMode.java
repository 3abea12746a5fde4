package dev.serai.wire.cloudevents;

import dev.serai.wire.OriginalRecord;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Optional;

/** Reads CloudEvents whose attributes are headers. Names and values are UTF-8, without percent-encoding. Stateless. */
final class BinaryMode {
    static final String CONTENT_TYPE = "content-type";

    private BinaryMode() {}

    /** The record's content type; a blank one is none. */
    static Optional<MediaType> contentType(OriginalRecord original) {
        return original.headerText(CONTENT_TYPE).filter(text -> !text.isBlank()).map(MediaType::of);
    }

    /**
     * The CloudEvent that a record is by its headers: one that says its version, or has a type of this service. A
     * record with a {@code ce_id} alone is none.
     */
    static Optional<CloudEvent> find(OriginalRecord original, Optional<MediaType> contentType) {
        boolean isOne = original.headerText(Attributes.PREFIX + Attributes.SPECVERSION)
                        .filter(text -> !text.isEmpty())
                        .isPresent()
                || original.headerText(Attributes.PREFIX + Attributes.TYPE)
                        .filter(type ->
                                Arrays.stream(CloudEvent.Action.values()).anyMatch(known -> type.equals(known.type())))
                        .isPresent();
        return isOne ? Optional.of(read(original, contentType)) : Optional.empty();
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
        try {
            attributes.put(
                    name,
                    StandardCharsets.UTF_8
                            .newDecoder()
                            .decode(ByteBuffer.wrap(value))
                            .toString());
        } catch (CharacterCodingException e) {
            attributes.wrong(name, "is not valid UTF-8");
        }
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
