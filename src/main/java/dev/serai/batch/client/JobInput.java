package dev.serai.batch.client;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.file.InputOptions;
import dev.serai.wire.Json;

/**
 * How a job's file was read, kept with the job for who resumes it. Immutable.
 *
 * @param fileDigest of the file's bytes
 * @param invalid bad rows, which were left out
 */
public record JobInput(InputOptions options, String fileDigest, int invalid) {
    public ObjectNode json() {
        return Json.MAPPER.valueToTree(this);
    }

    /**
     * Reads what {@link #json} has written.
     *
     * @throws IllegalArgumentException if it is something else
     */
    public static JobInput of(ObjectNode json) {
        try {
            return Json.MAPPER.treeToValue(json, JobInput.class);
        } catch (JsonProcessingException e) {
            throw new IllegalArgumentException("the job's file was read by another version of Serai", e);
        }
    }
}
