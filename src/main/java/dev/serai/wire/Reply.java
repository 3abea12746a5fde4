package dev.serai.wire;

import com.fasterxml.jackson.annotation.JsonProperty;
import com.fasterxml.jackson.databind.node.ObjectNode;
import java.time.Duration;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What goes out on the reply topic for one event; {@code schema/reply.json} is the format. */
public sealed interface Reply {
    /** Version of the reply's format. */
    int SCHEMA_VERSION = 1;

    /** The field that notes unknown fields of the event. */
    String IGNORED = "ignored";

    /** The field that says so where the stand-in answers. */
    String STAND_IN = "stand_in";

    /** The field that says so where an earlier reply has told of the same room. */
    String REPEATED = "repeated";

    /**
     * The fields that are this service's, in whichever reply: what a provider's answer says under these names is never what
     * a reply says. Those of {@code schema/reply.json} but for the provider's own.
     */
    Set<String> OWN_FIELDS = Set.of(
            "schema_version",
            "status",
            "event_id",
            "conversation_key",
            "tenant",
            "character_id",
            "connection_type",
            "attempts",
            "possible_duplicate_session",
            "continuity",
            "issued_at",
            "expires_at",
            "enrichment",
            "timings_ms",
            "error",
            IGNORED,
            STAND_IN,
            REPEATED);

    /** {@code started}, {@code failed} or {@code ended}; also the value of the header {@code serai-status}. */
    String status();

    /** The reply's fields. A started reply holds secrets: it goes to the reply topic and nowhere else. */
    ObjectNode toJson();

    /**
     * Which event is answered.
     *
     * @param tenant whose event it is; null when it names none that there is, or could not be read that far
     * @param characterId null when the event could not be read that far
     * @param connectionType null when the event could not be read that far
     * @param attempts calls of the provider that were made for the event
     * @param possibleDuplicateSession whether a call whose answer was lost may have left a session behind
     * @param ignored what the event says in fields that there are not; empty if there is nothing to say
     * @param standIn whether no provider answers but the stand-in: its rooms are none
     */
    record Identity(
            String eventId,
            @Nullable String conversationKey,
            @Nullable String tenant,
            @Nullable String characterId,
            @Nullable ConnectionType connectionType,
            int attempts,
            boolean possibleDuplicateSession,
            List<String> ignored,
            boolean standIn) {

        public Identity {
            ignored = List.copyOf(ignored);
        }

        private ObjectNode addTo(ObjectNode reply, String status) {
            if (standIn) {
                reply.put(STAND_IN, true);
            }
            if (!ignored.isEmpty()) {
                ignored.forEach(reply.putArray(IGNORED)::add);
            }
            return reply.put("schema_version", SCHEMA_VERSION)
                    .put("status", status)
                    .put("event_id", eventId)
                    .put("conversation_key", conversationKey)
                    .put("tenant", tenant)
                    .put("character_id", characterId)
                    .<ObjectNode>set("connection_type", Json.tree(connectionType))
                    .put("attempts", attempts)
                    .put("possible_duplicate_session", possibleDuplicateSession);
        }
    }

    /** How the started session relates to earlier ones. */
    enum SessionContinuity {
        /** A first session, or one that was asked to be fresh. */
        @JsonProperty("new")
        NEW,
        /** The session that was named or remembered goes on. */
        @JsonProperty("resumed")
        RESUMED,
        /** The remembered session was gone, and a new one took its place. */
        @JsonProperty("restarted")
        RESTARTED
    }

    /**
     * How long the event took.
     *
     * @param queued from the record's timestamp until its processing began, and before the provider's gate
     */
    record Timings(Duration queued, Duration enrich, Duration connect) {}

    /** Where what the provider was told comes from, besides the event. */
    record Origins(Provenance scene, Provenance dynamicInfo) {

        private void addTo(ObjectNode reply) {
            reply.putObject("enrichment").<ObjectNode>set("scene", json(scene)).set("dynamic_info", json(dynamicInfo));
        }

        private static ObjectNode json(Provenance provenance) {
            Duration age = provenance.age();
            ObjectNode json = Json.MAPPER.createObjectNode();
            json.set("status", Json.tree(provenance.status()));
            json.put("age_ms", age == null ? null : age.toMillis()).put("source", provenance.source());
            provenance.notes().forEach(json.putArray("notes")::add);
            return json;
        }
    }

    /**
     * A room is open.
     *
     * @param answer the provider's fields under their own names; those of {@link #OWN_FIELDS} are left out
     * @param issuedAt said to the millisecond, which every language reads
     * @param expiresAt until when the token lets a client join, null if it does not say
     */
    record Started(
            Identity identity,
            ObjectNode answer,
            SessionContinuity continuity,
            Instant issuedAt,
            @Nullable Instant expiresAt,
            Origins origins,
            Timings timings)
            implements Reply {

        @Override
        public String status() {
            return "started";
        }

        @Override
        public ObjectNode toJson() {
            ObjectNode reply = Json.MAPPER.createObjectNode();
            reply.setAll(answer);
            identity.addTo(reply.remove(OWN_FIELDS), status());
            reply.set("continuity", Json.tree(continuity));
            reply.set("issued_at", Json.tree(issuedAt.truncatedTo(ChronoUnit.MILLIS)));
            reply.set("expires_at", Json.tree(expiresAt));
            origins.addTo(reply);
            reply.putObject("timings_ms")
                    .put("queued", timings.queued().toMillis())
                    .put("enrich", timings.enrich().toMillis())
                    .put("connect", timings.connect().toMillis());
            return reply;
        }

        /** The identity only: the answer holds secrets. */
        @Override
        public String toString() {
            return "Started[" + identity.eventId() + "]";
        }
    }

    /**
     * A room is open of which an earlier reply to the same event has told.
     *
     * @param first the fields of that reply
     */
    record Repeated(ObjectNode first) implements Reply {

        @Override
        public String status() {
            return "started";
        }

        @Override
        public ObjectNode toJson() {
            return Json.MAPPER.createObjectNode().<ObjectNode>setAll(first).put(REPEATED, true);
        }

        /** Nothing of it: it holds secrets. */
        @Override
        public String toString() {
            return "Repeated";
        }
    }

    /**
     * There is no room, and why.
     *
     * @param origins null when the event failed before it was enriched
     */
    record Failed(
            Identity identity, Failure failure, @Nullable Origins origins) implements Reply {

        @Override
        public String status() {
            return "failed";
        }

        @Override
        public ObjectNode toJson() {
            ObjectNode reply = identity.addTo(Json.MAPPER.createObjectNode(), status());
            ObjectNode error = reply.putObject("error")
                    .put("category", failure.category().wireName())
                    .put("http_status", failure.httpStatus())
                    .<ObjectNode>set("detail", failure.detail())
                    .put("retryable", failure.category().retryable());
            if (failure.requestTraceId() != null) {
                error.put("request_trace_id", failure.requestTraceId());
            }
            if (origins != null) {
                origins.addTo(reply);
            }
            return reply;
        }
    }

    /**
     * A conversation was ended.
     *
     * @param sessionsEnded sessions that are over because of the event
     * @param sessionsLeft sessions of which the provider has not said so
     * @param eventsCancelled start events that still waited, and do not any more
     * @param reason the event's own words, or null
     */
    record Ended(
            Identity identity,
            int sessionsEnded,
            int sessionsLeft,
            int eventsCancelled,
            @Nullable String reason) implements Reply {

        @Override
        public String status() {
            return "ended";
        }

        @Override
        public ObjectNode toJson() {
            return identity.addTo(Json.MAPPER.createObjectNode(), status())
                    .put("sessions_ended", sessionsEnded)
                    .put("sessions_left", sessionsLeft)
                    .put("events_cancelled", eventsCancelled)
                    .put("reason", reason);
        }

        /** The identity only: the reason is somebody's own words. */
        @Override
        public String toString() {
            return "Ended[" + identity.eventId() + "]";
        }
    }
}
