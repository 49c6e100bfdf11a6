package dev.switchboard.torture;

import java.util.Set;

/** Has the vendors misbehave for a while. */
final class VendorTrouble implements Fault {

    private final Trouble trouble;
    private final long millis;

    VendorTrouble(Trouble trouble, long millis) {
        this.trouble = trouble;
        this.millis = millis;
    }

    @Override
    public void strike(Site site) throws Exception {
        site.running();
        Feeder.pause(500);
        site.vendors().suffer(trouble);
        Feeder.pause(millis);
        site.vendors().suffer(Trouble.NONE);
    }

    /** Only an answer that no table explains ends a message; every other trouble passes. */
    @Override
    public Allowance allowance() {
        return new Allowance(0, trouble == Trouble.GARBAGE ? Set.of("unmapped") : Set.of());
    }
}
