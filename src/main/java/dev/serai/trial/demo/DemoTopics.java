package dev.serai.trial.demo;

import java.util.Map;

/**
 * The topics of the service under demonstration.
 *
 * @param raw the topic of each intake, by the intake's name
 */
public record DemoTopics(String start, String replies, String deadLetters, Map<String, String> raw) {
    public DemoTopics {
        raw = Map.copyOf(raw);
    }

    /**
     * Where a sample is published.
     *
     * @throws Sample.BrokenSampleException if the service has no such intake
     */
    String of(Sample sample) {
        String intake = sample.intake();
        if (intake == null) {
            return start;
        }
        String topic = raw.get(intake);
        if (topic == null) {
            throw new Sample.BrokenSampleException(
                    sample.name() + ": the settings have no intake " + intake + ", only "
                            + raw.keySet().stream().sorted().toList(),
                    null);
        }
        return topic;
    }
}
