package dev.serai.batch.run;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.fasterxml.jackson.databind.JsonNode;
import dev.serai.batch.JobId;
import dev.serai.wire.Json;
import java.io.IOException;
import java.time.Instant;
import java.time.format.DateTimeParseException;
import java.util.Optional;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What a row was answered.
 *
 * @param row its number
 * @param category why there is no room; null if there is one
 * @param at when it was answered: when the room was opened, if there is one
 */
record RowAnswer(long row, @Nullable String category, Instant at) {
    private static final Logger LOG = LoggerFactory.getLogger(RowAnswer.class);

    /** Finds the answers to one job's rows without a look at what others were answered, which is most of the topic. */
    static final class Reading {
        private final String job;
        private final byte[] mark;

        Reading(String job) {
            this.job = job;
            // As the id of each of its events begins, in JSON.
            mark = ("\"" + job + "/").getBytes(UTF_8);
        }

        /** The answer in a record of the reply topic, if it is one to a row of the job. */
        Optional<RowAnswer> of(ConsumerRecord<byte[], byte[]> reply) {
            if (reply.value() == null || !contains(reply.value(), mark)) {
                return Optional.empty();
            }
            try {
                JsonNode json = Json.MAPPER.readTree(reply.value());
                return JobId.rowNumber(job, json.path("event_id").asText())
                        .map(row -> new RowAnswer(row, category(json), at(json, reply)));
            } catch (IOException e) {
                // Somebody else's: the fleet's own are in JSON.
                LOG.debug("a reply at {} cannot be read", reply.offset(), e);
                return Optional.empty();
            }
        }

        private static @Nullable String category(JsonNode json) {
            if (json.path("status").asText().equals("started")) {
                return null;
            }
            return json.path("error").path("category").asText("other");
        }

        private static Instant at(JsonNode json, ConsumerRecord<byte[], byte[]> reply) {
            try {
                return Instant.parse(json.path("issued_at").asText());
            } catch (DateTimeParseException e) {
                return Instant.ofEpochMilli(reply.timestamp());
            }
        }
    }

    private static boolean contains(byte[] text, byte[] part) {
        for (int begin = 0; begin + part.length <= text.length; begin++) {
            int same = 0;
            while (same < part.length && text[begin + same] == part[same]) {
                same++;
            }
            if (same == part.length) {
                return true;
            }
        }
        return false;
    }
}
