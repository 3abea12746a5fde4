package dev.serai.wire.event;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.serai.wire.Json;
import dev.serai.wire.OriginalRecord;
import dev.serai.wire.StartConversation;
import java.io.IOException;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.time.OffsetDateTime;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Looks for whose an event is and until when it is wanted, without decoding it: on the consumer's thread, and for events
 * that wait as the bytes that they are. Total, as decoding is: of what cannot be read it says what holds for events that
 * say nothing. Immutable and thread-safe.
 */
public final class EventPreviews {
    /** Of an event so many bytes are looked at: some 0.1 ms. What stands behind them has no say in when its turn is. */
    private static final int LOOKED_AT = 64 << 10;

    /** As in the schema. */
    private static final long MAX_TTL_MILLIS = 31_536_000_000L;

    /** No tenant has this name. */
    private static final String NOT_A_NAME = "";

    private final Duration ttl;
    private final Duration maxClockSkew;
    private final Set<String> tenants;
    private final InstantSource clock;

    /**
     * @param ttl the deadline of events that name none, counted from the record's timestamp
     * @param maxClockSkew how far ahead of the clock a record's timestamp may be
     * @param tenants whom events may name
     */
    public EventPreviews(Duration ttl, Duration maxClockSkew, Set<String> tenants, InstantSource clock) {
        this.ttl = ttl;
        this.maxClockSkew = maxClockSkew;
        this.tenants = Set.copyOf(tenants);
        this.clock = clock;
    }

    /** What can be seen of one record. */
    public EventPreview of(OriginalRecord original) {
        Fields fields = new Fields();
        byte[] value = original.value();
        if (value != null) {
            fields.readFrom(value);
        }
        return new EventPreview(tenant(fields), deadline(original, fields));
    }

    private @Nullable String tenant(Fields fields) {
        if (!fields.areThere) {
            return null;
        }
        String tenant = fields.tenant == null ? StartConversation.DEFAULT_TENANT : fields.tenant;
        return tenants.contains(tenant) ? tenant : null;
    }

    private Instant deadline(OriginalRecord original, Fields fields) {
        Instant latest = clock.instant().plus(maxClockSkew);
        Instant published = original.timestamp().isAfter(latest) ? latest : original.timestamp();
        if (fields.expiresAt != null) {
            try {
                return OffsetDateTime.parse(fields.expiresAt).toInstant();
            } catch (DateTimeException e) {
                return published.plus(ttl);
            }
        }
        return published.plus(fields.ttlMillis < 0 ? ttl : Duration.ofMillis(fields.ttlMillis));
    }

    /** The fields that were found so far. */
    private static final class Fields {
        private boolean areThere;
        private @Nullable String tenant;
        private @Nullable String expiresAt;
        private long ttlMillis = -1;

        void readFrom(byte[] value) {
            try (JsonParser parser = Json.MAPPER.createParser(value, 0, Math.min(value.length, LOOKED_AT))) {
                if (parser.nextToken() == JsonToken.START_OBJECT) {
                    areThere = true;
                    readFields(parser);
                }
            } catch (IOException e) {
                // Decoding says what is wrong with it, if anything is: an event can be longer than what is looked at.
            }
        }

        private void readFields(JsonParser parser) throws IOException {
            while (parser.nextToken() == JsonToken.FIELD_NAME) {
                String name = parser.currentName();
                JsonToken token = parser.nextToken();
                switch (name) {
                    case "tenant" -> {
                        tenant = switch (token) {
                            case VALUE_STRING -> parser.getText();
                            case VALUE_NULL -> null;
                            default -> NOT_A_NAME;
                        };
                    }
                    case "expires_at" -> expiresAt = token == JsonToken.VALUE_STRING ? parser.getText() : null;
                    case "ttl_ms" -> {
                        if (token == JsonToken.VALUE_NUMBER_INT) {
                            ttlMillis = Math.clamp(parser.getLongValue(), 0, MAX_TTL_MILLIS);
                        }
                    }
                    default -> {}
                }
                parser.skipChildren();
                if (tenant != null && (expiresAt != null || ttlMillis >= 0)) {
                    return;
                }
            }
        }
    }
}
