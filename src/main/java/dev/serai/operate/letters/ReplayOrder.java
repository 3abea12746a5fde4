package dev.serai.operate.letters;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.wire.Json;
import java.time.Instant;
import java.util.UUID;

/**
 * Who has letters replayed, which and why: what is kept of it.
 *
 * @param by a user's name
 * @param perSecond events published in a second at most; 0 for no bound
 */
public record ReplayOrder(
        String id, String by, String reason, Instant begun, LetterFilter filter, ReplayRules rules, int perSecond) {

    /** With an id of its own. */
    public static ReplayOrder of(
            String by, String reason, Instant begun, LetterFilter filter, ReplayRules rules, int perSecond) {
        return new ReplayOrder(UUID.randomUUID().toString(), by, reason, begun, filter, rules, perSecond);
    }

    /** The record of it. */
    ObjectNode json(String lettersTopic, Instant now, String state, ReplayTally done) {
        ObjectNode json = Json.MAPPER.createObjectNode();
        json.put("schema_version", 1);
        json.put(ReplayMarks.REPLAY_ID, id);
        json.put("by", by);
        json.put("reason", reason);
        json.put("letters", lettersTopic);
        json.put("to", rules.to());
        json.set("filter", filter.json());
        json.put("deadline", rules.deadline() == null ? null : rules.deadline().toString());
        json.put("max_replays", rules.maxReplays());
        json.put("per_second", perSecond);
        json.put("begun_at", begun.toString());
        json.put("updated_at", now.toString());
        json.put("state", state);
        json.set("done", done.json());
        return json;
    }
}
