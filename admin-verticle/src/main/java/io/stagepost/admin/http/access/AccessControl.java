package io.stagepost.admin.http.access;

/** Who can come in, and by what. */
public record AccessControl(UserRoles roles, Sessions sessions, Tokens tokens) {}
