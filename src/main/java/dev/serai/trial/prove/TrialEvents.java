package dev.serai.trial.prove;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.trial.guarantee.PublishedEvent;
import dev.serai.trial.guarantee.SeenCall;
import dev.serai.wire.Json;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A run's events, drawn from its seed. Event {@code c17-3} is the third of conversation {@code c17}. Stateless. */
final class TrialEvents {
    private static final List<String> CHARACTERS = List.of("guide", "guard");

    /** One event in so many asks for a session of its own. */
    private static final int ONE_FRESH_IN = 30;

    /** One event in so many, exactly, names no character, for which it must be rejected. */
    private static final int ONE_FLAWED_IN = 15;

    private TrialEvents() {}

    static List<PublishedEvent> draw(int count, Random random) {
        Map<String, Integer> numbers = new HashMap<>();
        int flawed = random.nextInt(ONE_FLAWED_IN);
        List<PublishedEvent> events = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            String conversation = "c" + random.nextInt(TrialPlan.CONVERSATIONS);
            events.add(new PublishedEvent(
                    conversation + "-" + numbers.merge(conversation, 1, Integer::sum),
                    conversation,
                    CHARACTERS.get(random.nextInt(CHARACTERS.size())),
                    random.nextInt(ONE_FRESH_IN) == 0,
                    i % ONE_FLAWED_IN == flawed));
        }
        return events;
    }

    static byte[] value(PublishedEvent event) {
        ObjectNode value = Json.MAPPER
                .createObjectNode()
                .put("event_id", event.eventId())
                .put("continuity", event.fresh() ? "fresh" : "resume");
        if (!event.flawed()) {
            value.put("character_id", event.characterId());
        }
        value.set(
                "end_user_metadata", Json.MAPPER.valueToTree(SeenCall.metadata(event.eventId(), event.conversation())));
        return Json.bytes(value);
    }
}
