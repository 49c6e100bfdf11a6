package dev.switchboard.batch;

import dev.switchboard.records.Profile;
import dev.switchboard.records.Records;
import io.smallrye.config.SmallRyeConfig;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** The profiles of all folders below {@code inbox/}, and that of {@code inbox/} itself. */
public final class Profiles {

    private final Profile shared;
    private final Map<String, Profile> profiles = new TreeMap<>();

    private Profiles(Profile shared) {
        this.shared = shared;
    }

    /**
     * Reads the settings of all profiles.
     *
     * @param fields the fields that messages may have
     * @throws IllegalArgumentException when a setting is wrong; the text names it
     */
    public static Profiles read(SmallRyeConfig config, Set<String> fields) {
        return read(new ProfileSettings(config, Set.copyOf(fields)));
    }

    static Profiles read(ProfileSettings settings) {
        var profiles = new Profiles(settings.profile(""));
        settings.profiles().forEach(name -> profiles.profiles.put(name, settings.profile(name)));
        return profiles;
    }

    /** Returns the names of the folders below {@code inbox/} that have a profile. */
    Set<String> names() {
        return new TreeSet<>(profiles.keySet());
    }

    /**
     * Returns a profile by its name; the empty name is that of {@code inbox/} itself.
     *
     * @throws Records.Unreadable when there is no such profile
     */
    Profile of(String name) {
        Profile found = name.isEmpty() ? shared : profiles.get(name);
        if (found == null) {
            throw new Records.Unreadable("inbox/" + name + " has no profile: set switchboard.files.profiles." + name
                    + ".charset, or another of its settings");
        }
        return found;
    }
}
