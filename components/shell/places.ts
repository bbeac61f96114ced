"use client";

import {
  Activity,
  Boxes,
  Braces,
  CircleUser,
  ScrollText,
  TrainTrack,
  Users,
  Waypoints,
  type LucideIcon,
} from "lucide-react";
import { useMe } from "@/lib/client/queries";

export interface Place {
  href: string;
  label: string;
  icon: LucideIcon;
  keys: string;
  owns: (path: string) => boolean;
}

/** The places of the console, with the keys that lead there. */
export const PLACES: Place[] = [
  {
    href: "/",
    label: "Fleet",
    icon: Boxes,
    keys: "g f",
    owns: (path) => path === "/" || path.startsWith("/workspaces/"),
  },
  {
    href: "/platform",
    label: "Platform",
    icon: Waypoints,
    keys: "g p",
    owns: (path) => path.startsWith("/platform"),
  },
  {
    href: "/activity",
    label: "Activity",
    icon: Activity,
    keys: "g a",
    owns: (path) => path === "/activity",
  },
  {
    href: "/operations",
    label: "Operations",
    icon: TrainTrack,
    keys: "g o",
    owns: (path) => path.startsWith("/operations"),
  },
];

export interface MinorPlace {
  href: string;
  label: string;
  icon: LucideIcon;
  /** Words by which it is found as well. */
  also: string;
  /** Shown only to super admins, because only they can see what is there. */
  isForSuperAdmins: boolean;
}

/** Places behind the account menu and the palette. */
const MINOR_PLACES: MinorPlace[] = [
  {
    href: "/account",
    label: "Account",
    icon: CircleUser,
    also: "access tokens sessions password profile",
    isForSuperAdmins: false,
  },
  {
    href: "/users",
    label: "Users",
    icon: Users,
    also: "people invite super admins",
    isForSuperAdmins: true,
  },
  {
    href: "/audit",
    label: "Audit",
    icon: ScrollText,
    also: "audit log who did what",
    isForSuperAdmins: true,
  },
  {
    href: "/api-reference",
    label: "API reference",
    icon: Braces,
    also: "openapi documentation routes",
    isForSuperAdmins: false,
  },
];

/** The places that the signed-in user can see. */
export function useMinorPlaces(): MinorPlace[] {
  const { data: me } = useMe();
  return MINOR_PLACES.filter(({ isForSuperAdmins }) => !isForSuperAdmins || me?.superAdmin === true);
}
