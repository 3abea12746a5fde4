package dev.serai.operate.doctor;

import dev.serai.settings.KafkaSettings;
import dev.serai.settings.SeraiSettings;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** A topic that the service reads or writes by itself. Immutable. */
record OwnTopic(String name, Use use) {
    /** What for. */
    enum Use {
        START,
        REPLIES,
        DEAD_LETTERS,
        SESSIONS,
        RAW,
        JOBS,
        JOB_ROWS
    }

    /** All of them, each once: the four, those that requests may name for their replies, those of intakes, and of jobs. */
    static List<OwnTopic> of(SeraiSettings settings) {
        KafkaSettings kafka = settings.kafka();
        Map<String, Use> uses = new LinkedHashMap<>();
        uses.put(kafka.startTopic(), Use.START);
        uses.put(kafka.replyTopic(), Use.REPLIES);
        uses.put(kafka.deadLetterTopic(), Use.DEAD_LETTERS);
        uses.put(kafka.sessionTopic(), Use.SESSIONS);
        settings.reply().allowedTopics().stream().sorted().forEach(topic -> uses.putIfAbsent(topic, Use.REPLIES));
        settings.intake().values().forEach(intake -> uses.putIfAbsent(intake.topic(), Use.RAW));
        uses.putIfAbsent(kafka.jobTopic(), Use.JOBS);
        uses.putIfAbsent(kafka.jobRowTopic(), Use.JOB_ROWS);
        return uses.entrySet().stream()
                .map(use -> new OwnTopic(use.getKey(), use.getValue()))
                .toList();
    }

    /** Whether nothing is wrong where it is not there: the first job makes it. */
    boolean comesWithTheFirstJob() {
        return use == Use.JOBS || use == Use.JOB_ROWS;
    }
}
