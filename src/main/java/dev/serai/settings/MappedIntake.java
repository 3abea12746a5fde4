package dev.serai.settings;

import dev.serai.settings.Key.Text;
import java.nio.file.Path;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A topic of raw events, such as a contact centre's, of which a mapping makes start and end events: the settings
 * {@code serai.intake.NAME.*}, declared as in {@link SeraiSettings}.
 *
 * <p>Values that come from {@link Settings#load} are within their bounds. Immutable; {@code toString} shows no secret.
 *
 * @param topic none of Serai's own four; several intakes may have one topic, and each makes events of all its records
 * @param mapping the file, also of one that Serai comes with
 * @param tenant one that there is
 */
public record MappedIntake(
        @Key(is = Kind.TOPIC)
        @Text(
                "The topic of raw events; each intake needs it. Read in the group `serai.kafka.group-id` with `.intake.NAME`"
                        + " behind it. Created when missing, as Serai's own topics are, with `serai.kafka.create-topics`; without, a missing"
                        + " one is waited for. Two intakes of one topic each map all of it.")
        String topic,

        @Key(is = Kind.MAPPING)
        @Text(
                "What makes start and end events of raw ones; each intake needs it. A file in `config/mappings`, by its name"
                        + " without `.jsonata`, or the path of a JSONata file of your own. Read at start-up; a mistake in it stops"
                        + " the start.")
        Path mapping,

        @Key(is = Kind.DATA_FILE)
        @Text("What the mapping looks up dialled numbers, or queues, in: `character_id`, `tenant`, `scene_ref` and"
                + " `ignore` for each `key`. Read again when it changes.")
        @Nullable
        Path table,

        @Key(is = Kind.DIGEST_KEY_FILE)
        @Text(
                "A file with base64 of at least 32 bytes, as `openssl rand -base64 32` writes it: the key that phone numbers and other"
                        + " personal data are digested with. Another key makes other conversations of the same people: keep it, and"
                        + " give all replicas the same. Not set: mappings that can do without use numbers as they are.")
        @Nullable
        HeldSecret digestKeyFile,

        @Key(is = Kind.COUNTRY)
        @Text("Country of phone numbers that have no country code. Not set: they stay as they are.")
        @Nullable
        String country,

        @Key(is = Kind.WORD, as = "serai.conversation.default-character-id")
        @Text("Character of events for which neither the mapping nor the table names one.")
        @Nullable
        String characterId,

        @Key(is = Kind.WORD)
        @Text(
                "Tenant of events for which neither the mapping nor the table names one. Not set: the default tenant, which there must be then.")
        @Nullable
        String tenant,

        @Key(as = "serai.conversation.ttl")
        @Text(
                "From when a raw event happened to the deadline of the start events made of it, unless the mapping says one.")
        Duration ttl) {}
