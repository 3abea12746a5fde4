package dev.serai.operate.explain;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.serai.batch.JobId;
import dev.serai.wire.Json;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** A story for machines. Names as they are; times in RFC 3339, durations in milliseconds. Stateless. */
public final class StoryJson {
    private StoryJson() {}

    public static ObjectNode of(Story story) {
        Evidence evidence = story.evidence();
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("as_of", evidence.now().toString())
                .put("found", story.found());
        switch (evidence.question()) {
            case Question.OfEvent event -> json.put("event_id", event.id());
            case Question.OfConversation conversation -> json.put("key", conversation.written());
            case Question.OfRoom room -> json.put("room", room.name());
        }
        json.put("summary", story.summary()).put("what_to_do", story.remedy());
        Arrival about = story.about();
        json.put("about", about == null ? null : about.at().toString());
        var events = json.putArray("events");
        story.standings().forEach((arrival, standing) -> events.add(event(story, arrival, standing)));
        ObjectNode looked =
                json.putObject("looked_through").put("since", evidence.since().toString());
        var topics = looked.putArray("topics");
        for (Looked each : evidence.looked()) {
            topics.addObject()
                    .put("topic", each.topic())
                    .put("for", each.what())
                    .put("records", each.records())
                    .put("complete", each.complete())
                    .put("older", each.older());
        }
        var transactions = json.putArray("open_transactions");
        for (OpenTransaction open : evidence.transactions()) {
            transactions
                    .addObject()
                    .put("from", open.at().toString())
                    .put("transactional_id", open.id())
                    .put("producer_id", open.producerId())
                    .put("idle_ms", open.idle().toMillis());
        }
        var services = json.putArray("services");
        for (ServiceSeen service : evidence.services()) {
            services.addObject()
                    .put("at", service.address())
                    .put("problem", service.failure() == null ? service.health() : service.failure())
                    .put("reached", service.isReached());
        }
        evidence.forbidden().forEach(json.putArray("not_allowed")::add);
        ObjectNode unseen = json.putObject("not_looked_at");
        evidence.unseen().forEach(unseen::put);
        evidence.notes().forEach(json.putArray("notes")::add);
        return json;
    }

    private static ObjectNode event(Story story, Arrival arrival, Standing standing) {
        ObjectNode json = Json.MAPPER
                .createObjectNode()
                .put("event_id", arrival.eventId())
                .put("conversation_key", arrival.key())
                .put("record", arrival.at().toString())
                .put("published_at", arrival.publishedAt().toString())
                .put("action", arrival.ends() ? "end" : "start")
                .put("cloud_event", arrival.cloudEvent())
                .put("tenant", arrival.tenant())
                .put("character_id", arrival.characterId())
                .put("deadline", arrival.ends() ? null : arrival.deadline().toString())
                .put("mapped_from", text(arrival.mappedFrom()))
                .put("job", JobId.row(arrival.eventId()).map(JobId.Row::job).orElse(null))
                .put("replays", arrival.replays())
                .put("state", standing.label())
                .put("summary", Advice.summary(standing, story.evidence().now()))
                .put("what_to_do", Advice.remedy(standing));
        if (standing instanceof Standing.Waiting waiting) {
            waits(json.putObject("waits"), waiting);
        }
        FoundReply answer = Breakdown.answer(standing);
        if (answer != null) {
            reply(json.putObject("reply"), answer);
            if (answer.isStarted()) {
                json.put("room_state", RoomState.text(story, arrival, answer));
            }
        }
        Rejection letter = Breakdown.letter(standing);
        if (letter != null) {
            ObjectNode dead = json.putObject("dead_letter")
                    .put("record", letter.at().toString())
                    .put("category", letter.category())
                    .put("detail", letter.detail())
                    .put("failed_at", letter.failedAt().toString());
            Rejection.ReplaySeen replay = letter.replay();
            dead.put("replayed_by", replay == null ? null : replay.id());
        }
        Map<String, Duration> parts = Breakdown.of(arrival, standing);
        if (!parts.isEmpty()) {
            ObjectNode times = json.putObject("timings_ms");
            parts.forEach((part, time) -> times.put(part, time.toMillis()));
        }
        return json;
    }

    private static void waits(ObjectNode json, Standing.Waiting waiting) {
        Held held = waiting.held();
        json.put("service", waiting.service())
                .put("kind", held.kind())
                .put("text", held.text())
                .put("since_ms", held.since().toMillis())
                .put("behind", text(held.behind()));
        Held.GateSeen gate = held.gate();
        if (gate != null) {
            json.putObject("gate")
                    .put("hold", gate.hold())
                    .put("cause", gate.cause())
                    .put("waiting", gate.waiting())
                    .put("ahead", gate.ahead())
                    .put("next", gate.next())
                    .put("slots_taken", gate.slotsTaken())
                    .put("slots", gate.slots())
                    .put("next_slot_at", text(gate.nextSlotAt()));
        }
        if (waiting.ahead() != null) {
            json.putObject("ahead")
                    .put("record", waiting.ahead().at().toString())
                    .put("event_id", waiting.ahead().eventId())
                    .put("kind", waiting.ahead().kind())
                    .put("text", waiting.ahead().text());
        }
    }

    private static void reply(ObjectNode json, FoundReply answer) {
        json.put("record", answer.at().toString())
                .put("at", answer.publishedAt().toString())
                .put("status", answer.status())
                .put("category", answer.category())
                .put("detail", answer.detail())
                .put("attempts", answer.attempts())
                .put("request_trace_id", answer.requestTraceId())
                .put("room_name", answer.room())
                .put("expires_at", text(answer.joinUntil()))
                .put("repeated", answer.repeated())
                .put("possible_duplicate_session", answer.possibleDuplicate());
        answer.lookUps().forEach(json.putArray("look_ups")::add);
    }

    private static @Nullable String text(@Nullable Object value) {
        return value == null ? null : value.toString();
    }
}
